// Copyright (C) the project authors

import { readFileSync } from 'node:fs';

import { Injectable, OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import { PrismaMariaDb } from '@prisma/adapter-mariadb';

import { PrismaClient } from './generated/prisma/client.js';

@Injectable()
export class PrismaService extends PrismaClient
    implements OnModuleInit, OnModuleDestroy
{
    constructor() {
        const { env } = process;

        super({
            adapter: new PrismaMariaDb({
                socketPath: env.DB_SOCKET,
                user: env.DB_USER,
                password: readFileSync(env.DB_PASSWORD_FILE!, 'utf8').trim(),
                database: env.DB_NAME,
                connectionLimit: Number(env.DB_POOL),
                // as many as app_mysql keeps; the adapter's own default is
                // to prepare every statement again
                prepareCacheLength: 256,
            }),
        });
    }

    async onModuleInit() {
        await this.$connect();
    }

    async onModuleDestroy() {
        await this.$disconnect();
    }
}
