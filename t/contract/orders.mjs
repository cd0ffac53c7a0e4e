// Copyright (C) the project authors
//
// Orders and ratings.

export async function orders(c, people) {
    const { client, other, provider, rival, offer } = people;

    const place = (body, status, given) => c.expect(
        'POST', '/orders', status, { as: client.token, body, ...given });
    const stock = async () =>
        (await c.send('GET', `/offers/${offer}`)).json.quantity;

    const made = await place({ offerId: offer, quantity: 2, userId: 1,
                               status: 'confirmed' }, 201, {
        check: (a) => a.order.userId === client.id && a.order.quantity === 2
            && a.order.status === 'pending' && a.updatedOffer.quantity === 2
            && a.order.offer.quantity === 2 && !('owner' in a.updatedOffer)
            && a.order.user.email === client.email });
    const id = made.json?.order.id;
    const code = made.json?.order.qrCodeToken;

    const second = await place({ offerId: `${offer}`, quantity: 1 }, 201);
    const cancelled = second.json?.order.id;
    const third = await place({ offerId: offer, quantity: 1 }, 201, {
        as: other.token });

    await place({ offerId: offer, quantity: 1 }, 400, {
        message: 'Requested quantity exceeds available stock' });
    await place({ offerId: 2147483647, quantity: 1 }, 404,
                { message: 'Offer not found' });
    await place({ offerId: 0, quantity: 1 }, 400, {
        message: 'Invalid order data: offerId is required' });
    await place({ offerId: offer, quantity: 0 }, 400);
    await place({ offerId: offer, quantity: 1.5 }, 400, {
        message: 'quantity must be an integer number' });
    await place({ offerId: offer, quantity: -1 }, 400);
    await place({}, 400, { check: (a) => a.message.length === 2 });

    const past = await c.send('POST', '/offers', { as: provider.token, body: {
        title: 'Past', price: 1, quantity: 1,
        expirationDate: '2020-01-01T00:00:00Z' } });
    await place({ offerId: past.json?.id, quantity: 1 }, 400, {
        message: 'Cannot place order for expired offer' });
    await place({ offerId: past.json?.id, quantity: 2 }, 400, {
        message: 'Requested quantity exceeds available stock' });

    // ---- lists

    const own = (a) => a.some((o) => o.id === id)
        && a.every((o) => o.userId === client.id)
        && a.every((o, i) => i === 0 || o.id > a[i - 1].id);
    const sold = (a) => a.some((o) => o.id === id)
        && a.every((o) => o.offer.ownerId === provider.id)
        && a.every((o, i) => i === 0 || o.createdAt <= a[i - 1].createdAt);

    const read = (path, status, params, as, given) => c.expect(
        'GET', path, status, { params, as: as.token, ...given });

    await read('/orders', 200, {}, client, {
        check: (a, answer) => own(a)
            && answer.headers['cache-control'] === 'private, no-store' });
    await read('/orders/user/{userId}', 200, { userId: client.id }, client,
               { check: own, query: '?t=1' });
    await read('/orders/user/{userId}', 403, { userId: client.id }, other,
               { message: 'You can only view your own orders' });
    await read('/orders/user/{userId}', 400, { userId: 'x' }, client,
               { message: 'Invalid user id' });
    await read('/orders/provider', 200, {}, provider, { check: sold });
    await read('/orders/offer/{offerId}', 200, { offerId: offer }, provider,
               { check: (a) => a.length === 3 && sold(a) });
    await read('/orders/offer/{offerId}', 200, { offerId: 2147483647 },
               provider, { check: (a) => a.length === 0 });
    await read('/orders/offer/{offerId}', 403, { offerId: offer }, rival, {
        message: 'You can only view orders for your own offers' });
    await read('/orders/offer/{offerId}', 400, { offerId: 'x' }, provider,
               { message: 'Invalid offer id' });

    await read('/orders/{id}', 200, { id }, client);
    await read('/orders/{id}', 200, { id }, provider);
    await read('/orders/{id}', 403, { id }, rival,
               { message: 'You can only view your own orders' });
    await read('/orders/{id}', 404, { id: 2147483647 }, client,
               { message: 'Order with ID 2147483647 not found' });
    await read('/orders/{id}', 400, { id: 'x' }, client,
               { message: 'Invalid order id' });

    // ---- cancel

    const act = (path, status, params, as, message) => c.expect(
        'POST', path, status, { params, as: as.token, body: {}, message });
    const cancel = '/orders/{id}/cancel';

    await act(cancel, 403, { id: cancelled }, other,
              'You can only cancel your own orders');
    await act(cancel, 201, { id: cancelled }, client);
    await act(cancel, 400, { id: cancelled }, client,
              'Order is already cancelled');
    await act(cancel, 404, { id: 2147483647 }, client,
              'Order with ID 2147483647 not found');
    await act(cancel, 400, { id: 'x' }, client, 'Invalid order id');
    c.ok(await stock() === 1, 'a portion is back once');

    // ---- scan

    const scan = (qrCodeToken, status, as, given) => c.expect(
        'POST', '/orders/scan', status,
        { body: { qrCodeToken }, as: as.token, ...given });
    const unknown = 'Invalid QR code. Order not found.';
    const foreign = 'You are not authorized to confirm this order. This order'
                    + ' belongs to a different provider.';
    const dead = second.json?.order.qrCodeToken;

    await scan('order-x', 404, provider, { message: unknown });
    await scan(undefined, 400, provider);
    await scan(code, 403, rival, { message: foreign });
    await scan(dead, 400, provider,
               { message: 'Cannot confirm a cancelled order' });
    await scan(code, 201, provider, {
        check: (a) => !a.alreadyConfirmed && a.order.status === 'confirmed'
            && a.order.collectedAt
            && a.message === 'Order confirmed successfully' });
    await scan(code, 201, provider, {
        check: (a) => a.alreadyConfirmed
            && a.message === 'Order was already confirmed' });
    await act(cancel, 400, { id }, client, 'Cannot cancel a confirmed order');

    // ---- the code as a link

    const qr = (token, status, as, given) => c.expect(
        'GET', '/orders/qr/{token}', status,
        { params: { token }, as: as.token, ...given });
    const html = { headers: { Accept: 'text/html,*/*' } };
    const front = 'https://market.example/provider/orders';

    await qr(third.json?.order.qrCodeToken, 200, provider, {
        check: (a) => !a.alreadyConfirmed });
    await qr(code, 200, provider, { ...html,
        check: (a, answer) => answer.type === 'text/html'
            && answer.text.includes(`${front}?confirmed=true&amp;orderId=${id}`
                                    + '&amp;alreadyConfirmed=true') });
    await qr('x', 404, provider, { message: unknown });
    await qr(code, 403, rival, { message: foreign });
    await qr(dead, 400, provider,
             { message: 'Cannot confirm a cancelled order' });
    await qr('x', 302, provider, { ...html,
        check: (a, answer) => answer.headers.location
            === `${front}?error=Invalid%20QR%20code.%20Order%20not%20found.` });

    // ---- confirm by hand

    const confirm = '/orders/{id}/confirm';
    const last = await place({ offerId: offer, quantity: 1 }, 201);

    await act(confirm, 403, { id: last.json?.order.id }, provider,
              'You are not allowed to confirm this order');
    await act(confirm, 201, { id: last.json?.order.id }, client);
    await act(confirm, 201, { id: last.json?.order.id }, client);
    await act(confirm, 400, { id: cancelled }, client,
              'Cannot confirm a cancelled order');
    await act(confirm, 400, { id: 'x' }, client, 'Invalid order id');
    await act(confirm, 404, { id: 2147483647 }, client,
              'Order with ID 2147483647 not found');

    // ---- ratings

    const rate = (body, status, given) => c.expect(
        'POST', '/ratings', status, {
            as: client.token,
            body: { orderId: id, providerId: provider.id, rating: 5, ...body },
            ...given });
    const before = await read('/ratings/provider/{providerId}/average', 200,
                              { providerId: provider.id }, client);

    await read('/ratings/order/{orderId}', 404, { orderId: id }, client,
               { message: 'Rating not found for this order' });
    await rate({}, 400, { as: other.token,
                          message: 'You can only rate your own orders' });
    await rate({ orderId: cancelled }, 400, { message: 'You can only rate'
        + ' orders that have been confirmed and collected' });
    await rate({ providerId: rival.id }, 400, {
        message: 'Provider ID does not match the order provider' });
    await rate({ orderId: 2147483647 }, 404, { message: 'Order not found' });
    await rate({ rating: 6 }, 400);
    await rate({ rating: 4.5 }, 400);
    await rate({ tags: 'x' }, 400, { message: 'Tags must be an array' });
    await rate({ tags: {} }, 400, {
        message: 'Tags must be an array, Each tag must be a string' });
    await rate({ orderId: undefined, providerId: undefined }, 400, {
        check: (a) => a.message.length === 2 });
    await rate({ tags: ['fresh_food', 'x"y'], comment: '', userId: 1 }, 201, {
        check: (r) => r.userId === client.id && r.comment === null
            && r.tags[1] === 'x"y' });
    await rate({}, 400, { message: 'This order has already been rated' });

    await read('/ratings/order/{orderId}', 200, { orderId: id }, client);
    await read('/ratings/order/{orderId}', 200, { orderId: id }, provider);
    await read('/ratings/order/{orderId}', 403, { orderId: id }, rival,
               { message: 'You do not have access to this order' });
    await read('/ratings/order/{orderId}', 400, { orderId: 'x' }, client,
               { message: 'Invalid order id' });

    const average = '/ratings/provider/{providerId}/average';

    await read(average, 200, { providerId: provider.id }, client, {
        check: (a) => a.totalRatings === before.json.totalRatings + 1 });
    await read(average, 200, { providerId: 2147483647 }, client, {
        check: (a) => a.averageRating === 0 && a.totalRatings === 0 });
    await read(average, 400, { providerId: 'x' }, client,
               { message: 'Invalid provider id' });

    // ---- ids that no integer column holds are as unknown ones

    for (const id of ['0', '-1', '2147483648', '99999999999999999999',
                      '-99999999999999999999'])
    {
        const as = client.token;
        const title = `id ${id}`;

        for (const [path, name, message] of [
            ['/orders/{id}', 'id'],
            ['/offers/{id}', 'id', 'Offer not found'],
            ['/users/{idOrEmail}', 'idOrEmail', 'User not found'],
        ]) {
            await c.expect('GET', path, 404, { as, message, title,
                                               params: { [name]: id } });
        }

        await c.expect('GET', '/orders/offer/{offerId}', 200, {
            as, title, params: { offerId: id }, check: (a) => !a.length });
        await c.expect('GET', '/ratings/provider/{providerId}/average', 200, {
            as, title, params: { providerId: id },
            check: (a) => a.totalRatings === 0 });

        if (id !== '0') {
            await c.expect('POST', '/orders', 404, {
                as, title, message: 'Offer not found',
                body: `{"offerId": ${id}, "quantity": 1}` });
        }
    }

    await c.expect('POST', '/orders', 404, {
        as: client.token, message: 'Offer not found', title: '1e25',
        body: { offerId: 1e25, quantity: 1 } });
}
