// Copyright (C) the project authors
//
// Offers: reading, publishing, changing, deleting.

export async function offers(c, people) {
    const { client, provider, rival } = people;
    const later = (hours) =>
        new Date(Date.now() + hours * 3600000).toISOString();

    const offer = {
        title: 'Panier', description: '', price: 6.5, originalPrice: 12,
        quantity: 3, expirationDate: later(8), pickupStartTime: later(4),
        pickupEndTime: later(8), foodType: 'meal', taste: 'salty',
        images: '[{"url": "/smallsurprisebag.png"}]',
    };

    const page = (query, status, given) => c.expect(
        'GET', '/offers', status, { query, ...given });

    await page('', 200, { check: (a) => a.data.length === 50
                          && a.pagination.limit === 50 });
    await page('?page=2&limit=5&t=1', 200, {
        check: (a) => a.data.length === 5 && a.pagination.page === 2 });
    await page('?limit=1000', 200, { check: (a) => a.data.length === 100 });
    await page('?page=1.5', 400, {
        message: 'Validation failed (numeric string is expected)' });

    const create = (body, status, given) => c.expect(
        'POST', '/offers', status,
        { as: provider.token, body: { ...offer, ...body }, ...given });

    const made = await create({ ownerId: client.id, latitude: 1, id: 1 }, 201, {
        check: (o) => o.price === 7.5 && o.ownerId === provider.id
            && o.owner.id === provider.id && o.latitude !== 1
            && o.images[0].filename === 'smallsurprisebag.png'
            && o.images[0].original.url === '/smallsurprisebag.png'
            && !('imageFileName' in o) });
    const id = made.json?.id;
    people.offer = id;

    await page('?limit=1', 200, {
        title: 'the new offer comes first',
        check: (a) => a.data[0].id === id
            && a.data[0].imageFileName === 'smallsurprisebag.png' });

    await create({ images: undefined, taste: null, foodType: undefined,
                   description: undefined, price: '5', quantity: '2' }, 201, {
        check: (o) => o.images.length === 0 && o.taste === 'neutral'
            && o.foodType === 'other' && o.description === ''
            && o.price === 6 && o.quantity === 2 });
    await create({ images: [{ filename: 'a b.png', blurhash: 'x' }, 'c.jpg'] },
                 201, {
        check: (o) => o.images[0].url === '/store/a%20b.png'
            && o.images[0].original.blurhash === 'x'
            && o.images[1].original === 'c.jpg' });

    await create({}, 403, { as: client.token, message:
        'Access denied. Required roles: PROVIDER, PENDING_PROVIDER' });
    await create({ title: 1 }, 403, {
        as: client.token, title: 'before the body is looked at' });
    await create({ images: 'x' }, 400, { message: 'Invalid images format' });
    await create({ images: '{}' }, 400, { message: 'Invalid images format' });

    const long = 'x'.repeat(70000);

    for (const images of [`["${long}"]`, ['y', { path: long }],
                          ['x'.repeat(2049)]])
    {
        await create({ images }, 400, {
            message: 'Invalid images format',
            title: 'a long name of a picture' });
    }

    await create({ images: ['x'.repeat(2048)] }, 201);

    await create({ images: JSON.stringify(Array(101).fill('a.jpg')) }, 400, {
        message: 'Invalid images format', title: 'more than 100 pictures' });
    await create({ images: JSON.stringify(Array(100).fill('a.jpg')) }, 201);
    await create({ expirationDate: 'soon' }, 400,
                 { message: 'Invalid expirationDate' });

    for (const wrong of [{ title: ' ' }, { title: 'x'.repeat(192) },
                         { quantity: 0 }, { quantity: 1.5 },
                         { quantity: 2147483648 }, { price: -1 },
                         { price: 'x' }, { foodType: 'stone' },
                         { pickupStartTime: later(9) },
                         { expirationDate: '2026-02-30T00:00:00Z' }])
    {
        await create(wrong, 400, { title: JSON.stringify(wrong).slice(0, 40),
            check: (a) => typeof a.message === 'string'
                && (a.message.includes(Object.keys(wrong)[0])
                    || a.message) });
    }

    const missing = (name) => `${name} must be a number conforming to the`
        + ` specified constraints, ${name} should not be empty`;

    await create({ quantity: undefined }, 400,
                 { message: missing('quantity') });
    await create({ price: undefined, title: undefined }, 400, {
        message: ['title must be a string, title should not be empty',
                  missing('price')] });

    const rapid = (body, status, given) => c.expect(
        'POST', '/offers/rapid-minimal', status, { as: provider.token, body,
                                                   ...given });
    const quick = { title: 'Q', price: 2, quantity: 1,
                    pickupStartTime: '2026-03-01T14:00:00' };

    await rapid(quick, 201, {
        check: (o) => o.pickupStartTime === '2026-03-01T14:00:00.000Z'
            && o.pickupEndTime === '2026-03-01T18:00:00.000Z'
            && o.price === 3 && o.images.length === 0 });
    for (const pickupStartTime of ['x', '9999-12-31T23:00:00Z']) {
        await rapid({ ...quick, pickupStartTime }, 400,
                    { message: 'Invalid pickupStartTime' });
    }

    await rapid(quick, 403, { as: client.token });

    await c.expect('GET', '/offers/owner/{id}', 200, {
        params: { id: provider.id }, as: client.token,
        check: (a) => a.some((o) => o.id === id) });
    await c.expect('GET', '/offers/owner/{id}', 200, {
        params: { id: 2147483647 }, as: client.token,
        check: (a) => a.length === 0 });
    await c.expect('GET', '/offers/owner/{id}', 404, {
        params: { id: 'x' }, as: client.token, message: 'Invalid owner ID' });

    await c.expect('GET', '/offers/{id}', 200, {
        params: { id }, check: (o) => o.id === id && o.pickupLocation !== null });
    await c.expect('GET', '/offers/{id}', 404, {
        params: { id: 2147483647 }, message: 'Offer not found' });
    await c.expect('GET', '/offers/{id}', 404, {
        params: { id: 'x' }, message: 'Invalid offer id' });

    // ---- changes

    const change = (body, status, given) => c.expect(
        'PUT', '/offers/{id}', status,
        { params: { id }, as: provider.token, body, ...given });

    await change({}, 200, { check: (o) => o.title === 'Panier' });
    await change({ price: 7.5, title: 'Bag', ownerId: client.id, quantity: 5,
                   pickupEndTime: '', description: null, originalPrice: null,
                   mapsLink: 'x', images: '[]' }, 200, {
        check: (o) => o.price === 7.5 && o.title === 'Bag' && o.quantity === 5
            && o.ownerId === provider.id && o.pickupEndTime === null
            && o.description === '' && o.originalPrice === null
            && o.images.length === 1 && o.mapsLink !== 'x'
            && o.pickupStartTime === offer.pickupStartTime });
    await change({ images: '[{"url": "/store/y.png"}]' }, 200, {
        check: (o) => o.images[0].filename === 'y.png' });
    await change({ images: '', expirationDate: '2020-01-01T00:00:00Z' }, 200, {
        check: (o) => o.images[0].filename === 'y.png'
            && o.expirationDate === '2020-01-01T00:00:00.000Z' });
    await change({ expirationDate: offer.expirationDate, quantity: 0,
                   pickupEndTime: offer.pickupEndTime }, 200);

    for (const wrong of [{ quantity: 1.5 }, { quantity: -1 }, { price: -1 },
                         { quantity: null }, { images: 'x' }, { images: [long] },
                         { title: '' }, { taste: 'stone' },
                         { pickupStartTime: 'x' },
                         { pickupStartTime: later(9),
                           pickupEndTime: later(8) }])
    {
        await change(wrong, 400, {
            title: JSON.stringify(wrong).slice(0, 40) });
    }

    await change({ images: 'x', taste: 'stone' }, 400, {
        check: (a) => a.message.length === 2
            && a.message[0].startsWith('taste') });
    await change({ title: 'x' }, 403, { as: rival.token,
                                        message: 'You cannot edit this offer' });
    await change({ quantity: 'x' }, 403, {
        as: rival.token, title: 'before the body is looked at' });
    await change({}, 404, { params: { id: 2147483647 },
                            message: 'Offer not found' });
    await change({ quantity: 'x' }, 404, { params: { id: 'x' },
                                           message: 'Invalid offer id' });

    const stock = (quantity, status, given) => c.expect(
        'PATCH', '/offers/{id}/quantity', status,
        { params: { id }, as: provider.token, body: { quantity }, ...given });

    await stock(4, 200, { check: (o) => o.quantity === 4
                          && !('pickupLocation' in o) });
    await stock(-1, 400);
    await stock(1.5, 400, { message: 'quantity must be an integer number' });
    await stock(undefined, 400);
    await stock(1, 403, { as: rival.token,
                          message: 'You cannot update this offer' });
    await stock('x', 404, { params: { id: 2147483647 },
                            message: 'Offer not found' });

    const erase = (offerId, status, message, as = provider.token) => c.expect(
        'DELETE', '/offers/{id}', status, { params: { id: offerId }, as,
                                            message });

    const spare = await create({}, 201);
    await c.send('POST', '/orders', {
        as: client.token, body: { offerId: spare.json.id, quantity: 1 } });

    await erase(spare.json.id, 403, 'You cannot delete this offer',
                rival.token);
    await erase(spare.json.id, 200, 'Offer deleted successfully');
    await erase(spare.json.id, 404, 'Offer not found');
    await erase('x', 404, 'Invalid offer id');
}
