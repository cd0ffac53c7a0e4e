// Copyright (C) the project authors

import {
    Controller, Get, NotFoundException, Param, ParseIntPipe, Query,
} from '@nestjs/common';

import { OffersService } from './offers.service.js';
import { PageDto } from './page.dto.js';

const offerId = new ParseIntPipe({
    exceptionFactory: () => new NotFoundException('Invalid offer id'),
});

@Controller('offers')
export class OffersController {
    constructor(private readonly offers: OffersService) {}

    @Get()
    page(@Query() query: PageDto) {
        return this.offers.page(query.page, query.limit);
    }

    @Get(':id')
    one(@Param('id', offerId) id: number) {
        return this.offers.one(id);
    }
}
