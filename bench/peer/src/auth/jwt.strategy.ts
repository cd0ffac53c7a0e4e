// Copyright (C) the project authors

import { readFileSync } from 'node:fs';

import {
    Injectable, NotFoundException, UnauthorizedException,
} from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';

import { PrismaService } from '../prisma.service.js';

interface Claims {
    id: string;
    email: string;
    type: number;
}

@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy) {
    constructor(private readonly prisma: PrismaService) {
        super({
            jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
            algorithms: ['HS256'],
            secretOrKey: readFileSync(process.env.JWT_KEY_FILE!, 'utf8'),
        });
    }

    async validate(claims: Claims) {
        if (claims.type !== 1) {
            throw new UnauthorizedException('Invalid Token');
        }

        if (!/^[0-9]{1,10}$/.test(claims.id)) {
            throw new UnauthorizedException('Authentication failed');
        }

        const user = await this.prisma.user.findUnique({
            where: { id: Number(claims.id) },
            select: {
                id: true, email: true, username: true, role: true,
                emailVerified: true,
            },
        });

        if (!user) {
            throw new NotFoundException('User not found');
        }

        return user;
    }
}
