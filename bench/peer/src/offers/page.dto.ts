// Copyright (C) the project authors

import { IsInt, IsOptional } from 'class-validator';

export class PageDto {
    @IsOptional()
    @IsInt()
    page?: number;

    @IsOptional()
    @IsInt()
    limit?: number;
}
