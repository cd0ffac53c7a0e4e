// Copyright (C) the project authors
//
// Whether both servers do the same work: the same requests, the same status
// and the same JSON.  Arguments: two URLs, an access token, the id of an
// offer with a large stock, of one that has expired, and of the last one.
//
// What may differ is the order's own: its id, code and times; the stock must
// differ by what was ordered.

import assert from 'node:assert/strict';

const [ours, theirs, token, offer, expired, last] = process.argv.slice(2);

async function ask(base, [method, path, body, authorization]) {
    const answer = await fetch(base + path, {
        method,
        headers: {
            ...(body && { 'Content-Type': 'application/json' }),
            ...(authorization && { Authorization: authorization }),
        },
        body: body && JSON.stringify(body),
    });

    return { status: answer.status, json: await answer.json() };
}

function takeOwn({ json }) {
    const { order, updatedOffer } = json;
    const own = {
        id: order.id, code: order.qrCodeToken, stock: updatedOffer.quantity,
    };

    assert.match(own.code, /^order-[0-9]{13}-[0-9a-f]{32}$/);
    assert.equal(order.offer.quantity, own.stock);

    for (const [object, names] of [
        [order, ['id', 'qrCodeToken', 'createdAt', 'updatedAt']],
        [order.offer, ['quantity', 'updatedAt']],
        [updatedOffer, ['quantity', 'updatedAt']],
    ]) {
        for (const name of names) {
            assert.notEqual(object[name] ?? null, null, name);
            object[name] = null;
        }
    }

    return own;
}

const bearer = `Bearer ${token}`;
const order = (offerId, quantity) =>
    ['POST', '/orders', { offerId: Number(offerId), quantity }, bearer];

const cases = [
    [201, order(offer, 2)],
    [400, order(offer, 2147483647)],
    [400, order(expired, 1)],
    [404, order(2147483647, 1)],
    [400, order(offer, 0)],
    [401, ['POST', '/orders', { offerId: Number(offer), quantity: 1 }]],
    [401, ['POST', '/orders', { offerId: Number(offer), quantity: 1 },
           `${bearer}x`]],
    [200, ['GET', '/offers?limit=20']],
    [200, ['GET', '/offers?limit=20&page=3']],
    [200, ['GET', `/offers/${offer}`]],
    [200, ['GET', `/offers/${last}`]],
    [404, ['GET', '/offers/2147483647']],
    [404, ['GET', '/offers/seven']],
];

for (const [status, request] of cases) {
    const what = `${request[0]} ${request[1]} ${JSON.stringify(request[2])}`;
    const a = await ask(ours, request);
    const b = await ask(theirs, request);

    assert.equal(a.status, status, `${what}: ${JSON.stringify(a)}`);

    if (status === 201) {
        const one = takeOwn(a);
        const two = takeOwn(b);

        assert.notEqual(one.id, two.id);
        assert.notEqual(one.code, two.code);
        assert.equal(one.stock - two.stock, request[2].quantity);
    }

    assert.deepEqual(b, a, what);
}
