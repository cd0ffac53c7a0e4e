// Copyright (C) the project authors

import { randomBytes } from 'node:crypto';

import {
    BadRequestException, Injectable, NotFoundException,
} from '@nestjs/common';

import { owner } from '../offers/offers.service.js';
import { PrismaService } from '../prisma.service.js';

@Injectable()
export class OrdersService {
    constructor(private readonly prisma: PrismaService) {}

    place(userId: number, offerId: number, quantity: number) {
        if (offerId === 0) {
            throw new BadRequestException(
                'Invalid order data: offerId is required');
        }

        return this.prisma.$transaction(async (tx) => {
            const now = new Date();

            // of those who want the last portion, one gets it
            const taken = await tx.offer.updateMany({
                where: {
                    id: offerId,
                    quantity: { gte: quantity },
                    expirationDate: { gte: now },
                },
                data: { quantity: { decrement: quantity } },
            });

            if (taken.count === 0) {
                const offer = await tx.offer.findUnique({
                    where: { id: offerId },
                    select: { quantity: true, expirationDate: true },
                });

                if (!offer) {
                    throw new NotFoundException('Offer not found');
                }

                throw new BadRequestException(
                    offer.quantity >= quantity && offer.expirationDate < now
                        ? 'Cannot place order for expired offer'
                        : 'Requested quantity exceeds available stock');
            }

            const order = await tx.order.create({
                data: {
                    quantity,
                    userId,
                    offerId,
                    qrCodeToken: `order-${now.getTime()}-`
                                 + randomBytes(16).toString('hex'),
                },
                include: {
                    user: {
                        select: {
                            id: true, email: true, username: true,
                            phoneNumber: true, location: true,
                            profileImage: true,
                        },
                    },
                    offer: { include: { owner } },
                },
            });

            // the same row once more: it needs no other query
            const { owner: _, ...updatedOffer } = order.offer;

            return { updatedOffer, order };
        });
    }
}
