// Copyright (C) the project authors

import 'reflect-metadata';

import { ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

import { AppModule } from './app.module.js';
import { ErrorFilter } from './error.filter.js';

const app = await NestFactory.create(AppModule, { logger: ['error', 'fatal'] });

app.useGlobalPipes(new ValidationPipe({
    transform: true,
    whitelist: true,
    transformOptions: { enableImplicitConversion: true },
}));
app.useGlobalFilters(new ErrorFilter());
app.enableShutdownHooks();

await app.listen(Number(process.env.PORT), '127.0.0.1');

// nginx keeps a client's connection for 65 s
app.getHttpServer().keepAliveTimeout = 65_000;
