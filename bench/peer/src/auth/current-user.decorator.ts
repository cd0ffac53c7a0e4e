// Copyright (C) the project authors

import { createParamDecorator, ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';

export interface Account {
    id: number;
}

export const CurrentUser = createParamDecorator(
    (_: unknown, context: ExecutionContext) =>
        context.switchToHttp().getRequest<Request>().user as Account,
);
