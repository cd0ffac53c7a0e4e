// Copyright (C) the project authors

import { Body, Controller, Post, UseGuards } from '@nestjs/common';

import { type Account, CurrentUser } from '../auth/current-user.decorator.js';
import { JwtAuthGuard } from '../auth/jwt-auth.guard.js';
import { CreateOrderDto } from './create-order.dto.js';
import { OrdersService } from './orders.service.js';

@Controller('orders')
@UseGuards(JwtAuthGuard)
export class OrdersController {
    constructor(private readonly orders: OrdersService) {}

    @Post()
    place(@Body() body: CreateOrderDto, @CurrentUser() account: Account) {
        return this.orders.place(account.id, body.offerId, body.quantity);
    }
}
