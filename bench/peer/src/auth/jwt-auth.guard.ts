// Copyright (C) the project authors

import {
    ExecutionContext, HttpException, Injectable, UnauthorizedException,
} from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { Request } from 'express';

@Injectable()
export class JwtAuthGuard extends AuthGuard('jwt') {
    handleRequest<User>(
        error: unknown, user: User, info: unknown, context: ExecutionContext,
    ): User {
        if (error instanceof HttpException) {
            throw error;
        }

        if (!user) {
            const { headers } = context.switchToHttp().getRequest<Request>();

            throw new UnauthorizedException(
                headers.authorization?.startsWith('Bearer ')
                    ? 'Authentication failed' : 'Not Logged in');
        }

        return user;
    }
}
