// Copyright (C) the project authors

import {
    IsInt, IsNotEmpty, IsNumber, IsOptional, Max, Min,
} from 'class-validator';

export class CreateOrderDto {
    @IsNotEmpty({ message: 'offerId is required' })
    @IsInt({ message: 'offerId must be a number' })
    offerId: number;

    @IsNotEmpty({ message: 'quantity is required' })
    @IsInt({ message: 'quantity must be a number' })
    @Min(1, { message: 'quantity must be at least 1' })
    @Max(2147483647)
    quantity: number;

    @IsOptional()
    @IsNumber()
    userId?: number;
}
