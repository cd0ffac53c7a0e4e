// Copyright (C) the project authors

import { Injectable, NotFoundException } from '@nestjs/common';

import type { Prisma } from '../generated/prisma/client.js';
import { PrismaService } from '../prisma.service.js';

export const owner = {
    select: {
        id: true, username: true, location: true, phoneNumber: true,
        mapsLink: true, profileImage: true,
    },
} satisfies Prisma.Offer$ownerArgs;

type OfferWithOwner = Prisma.OfferGetPayload<{
    include: { owner: typeof owner };
}>;

@Injectable()
export class OffersService {
    constructor(private readonly prisma: PrismaService) {}

    async page(page = 1, limit = 50) {
        page = Math.min(Math.max(page, 1), 1000);
        limit = Math.min(Math.max(limit, 1), 100);

        const [count, offers] = await Promise.all([
            this.prisma.offerCount.aggregate({ _sum: { n: true } }),
            this.prisma.offer.findMany({
                include: { owner },
                orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
                skip: (page - 1) * limit,
                take: limit,
            }),
        ]);
        const total = count._sum.n ?? 0;

        return {
            data: offers.map((offer) => ({
                ...this.shown(offer),
                imageFileName: this.firstImage(offer),
            })),
            pagination: {
                page,
                limit,
                total,
                totalPages: Math.ceil(total / limit),
                hasMore: page * limit < total,
            },
        };
    }

    async one(id: number) {
        const offer = await this.prisma.offer.findUnique({
            where: { id },
            include: { owner },
        });

        if (!offer) {
            throw new NotFoundException('Offer not found');
        }

        return this.shown(offer);
    }

    private shown(offer: OfferWithOwner) {
        return {
            ...offer,
            mapsLink: offer.mapsLink?.trim() ? offer.mapsLink
                : offer.owner?.mapsLink?.trim() ? offer.owner.mapsLink
                : offer.mapsLink,
            pickupLocation: offer.owner?.location ?? '',
        };
    }

    private firstImage(offer: OfferWithOwner) {
        const [first] = offer.images as { filename?: string }[];

        return first?.filename ?? null;
    }
}
