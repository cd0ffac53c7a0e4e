// Copyright (C) the project authors

import {
    ArgumentsHost, Catch, ExceptionFilter, HttpException, Logger,
} from '@nestjs/common';
import type { Response } from 'express';

@Catch()
export class ErrorFilter implements ExceptionFilter {
    private readonly logger = new Logger(ErrorFilter.name);

    catch(error: unknown, host: ArgumentsHost) {
        const response = host.switchToHttp().getResponse<Response>();

        if (!(error instanceof HttpException)) {
            this.logger.error(error);
            response.status(500).json({
                statusCode: 500, message: 'Internal server error',
            });
            return;
        }

        const statusCode = error.getStatus();
        const body = error.getResponse();
        let message = typeof body === 'string'
            ? body : (body as { message: string | string[] }).message;

        if (Array.isArray(message) && message.length === 1) {
            message = message[0];
        }

        response.status(statusCode).json({ statusCode, message });
    }
}
