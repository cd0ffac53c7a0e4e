// Copyright (C) the project authors
//
// What would end a statement, a template or a page comes back as it went in,
// from every text that is stored.

const texts = [
    `'; DROP TABLE User; -- `, `" OR ""="`, `\\' OR 1=1 #`, '`User`',
    ':auth.id ${user.password} $admin_emails', '<script>alert(1)</script>',
    '[[ , role = 1 ]]', '%s%n\u0001\u2028', '😀 \\u0041',
];


export async function nasty(c, people) {
    const { client, provider } = people;

    for (const text of texts) {
        const equal = (...values) => values.every((v) => v === text)
            || JSON.stringify(values);

        await c.expect('POST', '/contact', 201, {
            body: { name: text, email: 'a@b.example', subject: text,
                    message: text, userRole: text },
            check: (m) => equal(m.name, m.subject, m.message, m.userRole) });

        await c.expect('POST', '/auth/signup', 201, {
            body: { username: text, password: text.padEnd(8, '.') },
            check: (a) => equal(a.user.username) && a.user.role === 'NONE' });

        await c.expect('POST', '/users/me', 201, {
            as: client.token,
            body: { username: text, location: text, profileImage: text },
            check: (u) => equal(u.username, u.location, u.profileImage) });

        await c.expect('POST', '/users/update-details', 201, {
            as: client.token, body: { mapsLink: text },
            check: (u) => equal(u.mapsLink) });

        const offer = await c.expect('POST', '/offers', 201, {
            as: provider.token,
            body: { title: `x${text}x`, description: text, price: 1,
                    quantity: 1, expirationDate: '2030-01-01T00:00:00Z',
                    images: [text, { filename: 'x', alt: text }] },
            check: (o) => equal(o.title.slice(1, -1), o.description,
                                o.images[0].original,
                                o.images[1].original.alt) });

        await c.expect('PUT', '/offers/{id}', 200, {
            as: provider.token, params: { id: offer.json?.id },
            body: { description: text }, check: (o) => equal(o.description) });

        const order = await c.expect('POST', '/orders', 201, {
            as: client.token, body: { offerId: offer.json?.id, quantity: 1 } });
        const id = order.json?.order.id;

        await c.expect('POST', '/orders/{id}/confirm', 201, {
            as: client.token, params: { id } });
        await c.expect('POST', '/ratings', 201, {
            as: client.token,
            body: { orderId: id, providerId: provider.id, rating: 5,
                    tags: [text], comment: text },
            check: (r) => equal(r.comment, r.tags[0]) });

        for (const [method, path, status, body] of [
            ['POST', '/orders/scan', 404, { qrCodeToken: text }],
            ['GET', '/orders/qr/{token}', 404, undefined],
            ['DELETE', '/users/{idOrEmail}', 403, undefined],
            ['GET', '/orders/{id}', 400, undefined],
            ['POST', '/auth/signin', 400, { email: text, password: text }],
            ['POST', '/users/set-role', 400, { role: text }],
        ]) {
            await c.expect(method, path, status, {
                as: client.token, body,
                params: { token: text, idOrEmail: text, id: text } });
        }
    }

    await c.expect('GET', '/users', 200, { as: people.admin.token });
}
