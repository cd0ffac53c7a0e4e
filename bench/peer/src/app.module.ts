// Copyright (C) the project authors

import { Module } from '@nestjs/common';

import { AuthModule } from './auth/auth.module.js';
import { OffersModule } from './offers/offers.module.js';
import { OrdersModule } from './orders/orders.module.js';
import { PrismaModule } from './prisma.module.js';

@Module({
    imports: [PrismaModule, AuthModule, OffersModule, OrdersModule],
})
export class AppModule {}
