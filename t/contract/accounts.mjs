// Copyright (C) the project authors
//
// Health, sign-up and sign-in, codes, accounts, contact, announcements.

const adminsOnly = 'Access denied. This endpoint is restricted to'
                   + ' administrators only.';

function secretless(user) {
    return !('password' in user) && !('googleId' in user);
}


export async function accounts(c, people) {
    const { admin, client, other, provider } = people;
    const unique = Date.now().toString(36);
    const email = `New.${unique}@Market.example`;
    const address = email.toLowerCase();
    const long = 'x'.repeat(200);

    const post = (path, status, body, given = {}) =>
        c.expect('POST', path, status, { body, ...given });

    await c.expect('GET', '/health', 200,
                   { check: (h) => h.database === 'connected' });

    // ---- sign-up

    const signup = '/auth/signup';
    const made = await post(signup, 201, {
        email, username: 'Zoë', password: 'long enough', recaptchaToken: null,
        phoneNumber: '20123456', role: 'PROVIDER', emailVerified: true, id: 1,
    }, {
        check: (a) => a.user.role === 'NONE' && !a.user.emailVerified
            && a.user.email === address && a.user.phoneNumber === ''
            && a.user.id !== 1 && secretless(a.user),
    });
    const token = made.json?.accessToken;

    // browsers decode the payload with atob()
    c.ok(/^[^.]+\.[A-Za-z0-9]+\.[^.]+$/.test(token ?? ''),
         'the payload of a token has no "-" and no "_"', token);

    await post(signup, 409, { email: address, username: 'b',
                              password: 'long enough' },
               { message: 'User with this email already exists' });
    await post(signup, 201, { username: 'ü?>~ÿ', password: 'long enough' }, {
        title: 'without an email',
        check: (a) => a.user.email === ''
            && /^[A-Za-z0-9]+$/.test(a.accessToken.split('.')[1]) });

    await post(signup, 400, { email: 'nobody', username: 'b',
                              password: 'long enough' },
               { message: 'Please provide a valid email address' });
    await post(signup, 400, { email: '', username: 'b',
                              password: 'long enough' });
    await post(signup, 400, { email: `s${address}`, username: 'b',
                              password: 'short' },
               { message: 'Password must be at least 8 characters long' });
    await post(signup, 400, { email: 'x' }, {
        check: (a) => Array.isArray(a.message) && a.message.length === 3 });
    await post(signup, 400, '{"email": ');
    await post(signup, 400, { username: long, password: 'long enough' });

    // ---- sign-in

    const signin = '/auth/signin';

    await post(signin, 201, { email: email.toUpperCase(),
                              password: 'long enough' },
               { check: (a) => a.role === 'NONE' && a.user.location === ''
                   && secretless(a.user) });
    await post(signin, 201, { email: client.email,
                              password: 'sample-password' },
               { check: (a) => typeof a.user.phoneNumber === 'string' });

    for (const [who, password] of [[address, 'wrong'], ['no@market.example',
                                                        'sample-password']])
    {
        await post(signin, 401, { email: who, password },
                   { message: 'Invalid email or password' });
    }

    await post(signin, 400, { email: 'x', password: 'y' },
               { message: 'Please provide a valid email address' });
    await post(signin, 400, {}, {
        check: (a) => Array.isArray(a.message) && a.message.length === 2 });
    await post(signin, 400, [], { title: 'an array' });
    await post(signin, 400, '17', { title: 'a scalar' });

    // ---- codes

    const send = '/auth/send-verification-email';
    const verify = '/auth/verify-email-code';
    const expired = 'Verification code has expired or was not found.'
                    + ' Please request a new one.';
    const wrong = 'Invalid verification code. Please check and try again.';

    await post(send, 404, { email: 'no@market.example' },
               { message: 'User with this email does not exist' });
    await post(send, 400, { email: 'x' });
    await post(send, 400, { email: 5 },
               { message: 'Please provide a valid email address' });
    await post(verify, 404, { email: 'no@market.example', code: '123456' },
               { message: 'User with this email does not exist' });
    await post(verify, 400, { email: address, code: '123456' },
               { message: expired, title: 'before a code was sent' });
    await post(verify, 400, { email: address, code: '123' });
    await post(verify, 400, { email: address });

    const code = async () => {
        await post(send, 201, { email }, {
            check: (a) => a.sent === true
                && a.message === `Verification email sent to: ${address}` });

        const mail = await c.send('GET', `/test/mail/${address}`);
        return mail.json.text.match(/[0-9]{6}/)[0];
    };

    let right = await code();
    const other6 = (n) => String((Number(right) + n) % 900000 + 100000)
        .padStart(6, '0');

    for (let i = 1; i <= 5; i++) {
        await post(verify, 400, { email: address, code: other6(i) },
                   { message: wrong });
    }

    await post(verify, 400, { email: address, code: right },
               { message: expired, title: 'after five wrong ones' });

    right = await code();
    await post(verify, 400, { email: address, code: other6(1) },
               { message: wrong });
    await post(verify, 201, { email, code: ` ${right} ` });
    await post(verify, 400, { email: address, code: right },
               { message: expired, title: 'a second time' });

    await c.expect('GET', '/auth/get-user-by-token', 200, {
        as: token,
        check: (u) => u.emailVerified === true && secretless(u) });

    // ---- what is not configured

    await post('/auth/facebook', 500, { accessToken: 'x' }, {
        message: 'Failed to get user information from Facebook' });
    await post('/auth/facebook', 400, { accessToken: '' });
    await post('/auth/facebook/callback', 500, { code: 'x' }, {
        message: 'Facebook credentials not configured' });
    await post('/auth/facebook/callback', 400, {});

    // ---- and what is: see the fake services of nginx.conf

    const there = { base: c.production };
    const unknown = 'Failed to fetch user information from Facebook';
    const facebook = (accessToken, status, message) => post(
        '/auth/facebook', status, { accessToken },
        { ...there, message, check: (a) => status !== 201
            || (a.user.email === 'fay@face.example' && a.needsOnboarding
                && !a.user.emailVerified && a.user.username === 'Fay'
                && a.role === 'NONE' && secretless(a.user)) });

    await facebook('good', 201);
    await facebook('good', 201);
    await facebook('foreign', 401, unknown);
    await facebook('bad', 401, unknown);
    await facebook('taken', 401, unknown);
    await facebook('lines', 400, 'Unable to retrieve email from Facebook'
        + ' account. Please ensure your email is public on Facebook.');
    await facebook('shy', 400, 'Unable to retrieve email from Facebook'
        + ' account. Please ensure your email is public on Facebook.');
    await post('/auth/facebook/callback', 201, { code: 'good', state: null },
               there);
    await post('/auth/facebook/callback', 401, { code: 'bad' }, {
        ...there, message: 'Failed to exchange authorization code' });

    await c.expect('GET', '/users/reverse-geocode', 200, {
        ...there, query: '?lat=36.8&lon=10.18',
        check: (a) => a.city === 'Tunis' && a.state === 'Unknown'
            && a.locationName === 'Tunis at 36.8 10.18' });

    const place = (query, status, message) => c.expect(
        'GET', '/users/reverse-geocode', status, { query, message });

    await place('?lat=36.8&lon=10.18', 200);
    await place('?lat=x&lon=10.18', 400, 'Invalid coordinates');
    await place('?lon=10.18', 400, 'Invalid coordinates');
    await place('?lat=90.5&lon=10.18', 400, 'Coordinates out of range');

    // ---- accounts

    const list = (u) => u.length > 400 && u.every(secretless)
        && u.every((x, i) => i === 0 || x.id > u[i - 1].id);

    await c.expect('GET', '/users', 200, { as: admin.token, check: list });
    await c.expect('GET', '/users', 403,
                   { as: client.token, message: adminsOnly });

    await post('/users', 403, {}, { as: client.token, message: adminsOnly });
    await post('/users', 201, { email: `Made.${email}`, role: 'PROVIDER' }, {
        as: admin.token,
        check: (u) => u.email === `made.${address}` && u.role === 'NONE'
            && u.username === `made.new.${unique}` });
    await post('/users', 201, {}, {
        as: admin.token, check: (u) => /^user_[0-9]{13}$/.test(u.username) });
    await post('/users', 400, { email: `MADE.${email}` }, {
        as: admin.token, message: 'User with this email already exists' });
    await post('/users', 400, { email: 'x' },
               { as: admin.token, message: 'Invalid email format' });
    await post('/users', 400, { email: 'line@market.example\n' }, {
        as: admin.token, message: 'Invalid email format',
        title: 'a line end behind an address' });
    await post('/users', 400, { email: ['x'] },
               { as: admin.token, message: 'Email must be a string' });

    await c.expect('GET', '/users/providers', 200, {
        check: (u) => u.length > 0 && u.every((p) => p.role === 'PROVIDER'
                                              && !('email' in p)) });

    const one = '/users/{idOrEmail}';

    await c.expect('GET', one, 200, {
        params: { idOrEmail: client.id },
        check: (u) => u.phoneNumber === null && !('email' in u) });
    await c.expect('GET', one, 404, { params: { idOrEmail: 2147483647 },
                                      message: 'User not found' });
    await c.expect('GET', one, 400, { params: { idOrEmail: 'abc' },
                                      message: 'Invalid user id' });

    // ---- roles

    const role = (wanted, status, check, message) => post(
        '/users/set-role', status, { role: wanted },
        { as: token, check, message });

    await role('provider', 201, (a) => a.role === 'PENDING_PROVIDER'
               && a.redirectTo === '/provider/home');
    await role('BOSS', 400, undefined,
               'Role must be either CLIENT or PROVIDER');
    await role(undefined, 400, undefined,
               'Role is required and must be a string');
    await c.expect('GET', '/users/get-role', 200, {
        as: token, check: (a) => a.role === 'PENDING_PROVIDER'
            && a.message === 'User role retrieved successfully' });
    await post('/users/set-role', 201, { role: 'PROVIDER' }, {
        as: provider.token, check: (a) => a.role === 'PROVIDER',
        title: 'who is approved stays so' });

    // ---- details and profile

    const details = (body, status, given) => post(
        '/users/update-details', status, body, { as: token, ...given });
    const map = 'https://www.google.com/maps/place/Caf%C3%A9+Bleu/'
                + '@36.8,10.18,17z';

    await details({ phoneNumber: '+216 20-123-456', mapsLink: map,
                    role: 'PROVIDER', email: 'x@y.example' }, 400,
                  { message: 'Phone number is too long' });
    await details({ phoneNumber: '20 123 456', mapsLink: map,
                    role: 'PROVIDER', email: 'x@y.example' }, 201, {
        check: (u) => u.phoneNumber === 20123456 && u.email === address
            && u.latitude === 36.8 && u.longitude === 10.18
            && u.location === 'Café Bleu' && u.role === 'PENDING_PROVIDER' });

    const mail = await c.send('GET', '/test/mail/admin@market.example');
    c.ok(mail.json?.kind === 'approval'
         && mail.json.text.includes('20123456'),
         'administrators hear of a new business', mail.text);

    await details({ phoneNumber: '' }, 400, {
        message: 'Phone number is required and must contain digits only' });
    await details({ phoneNumber: '1234567' }, 400, {
        message: 'Invalid phone number format. Please enter 8-15 digits.' });
    await details({ location: 'Elsewhere' }, 201, {
        check: (u) => u.location === 'Elsewhere' && u.mapsLink === map });

    const profile = (body, status, given) => post(
        '/users/me', status, body, { as: token, ...given });

    await profile({ username: 'Zed', phoneNumber: 20123457,
                    mapsLink: ' https://maps.app.goo.gl/x ', email: 'x@y.z',
                    role: 'PROVIDER', password: 'x', latitude: 1 }, 201, {
        check: (u) => u.username === 'Zed' && u.phoneNumber === 20123457
            && u.mapsLink === 'https://maps.app.goo.gl/x'
            && u.email === address && u.latitude === 36.8
            && u.role === 'PENDING_PROVIDER' && secretless(u) });
    await profile({ mapsLink: '', location: null, phoneNumber: null }, 201, {
        check: (u) => u.mapsLink === null && u.location === null
            && u.phoneNumber === 20123457 });

    // a link without a place that can be is saved as it is
    const nines = '9'.repeat(400);

    for (const at of [`${nines}.5,1.5`, `1.5,${nines}.5`, '999.5,999.5',
                      '90.1,10.5', '36.5,-180.1'])
    {
        const mapsLink = `https://www.google.com/maps/@${at}`;
        const check = (u) => u.mapsLink === mapsLink && u.latitude === 36.8
            && u.longitude === 10.18;
        const title = `a link to @${at.slice(0, 20)}`;

        await profile({ mapsLink }, 201, { check, title });
        await details({ mapsLink, latitude: 36.8, longitude: 10.18 }, 201,
                      { check, title });
    }

    await profile({ mapsLink: `https://www.google.com/maps/@36.5${nines},`
                              + `-10.25${nines}` }, 201, {
        check: (u) => Math.abs(u.latitude - 36.6) < 1e-9
            && Math.abs(u.longitude + 10.26) < 1e-9 });
    await profile({ phoneNumber: '99999999999' }, 400,
                  { message: 'Phone number is too long' });
    await profile({ username: null }, 400);
    await profile({ location: 'x'.repeat(120000) }, 413);

    const named = (mapsLink, name) => post(
        '/users/extract-location', 201, { mapsLink },
        { title: name, check: (a) => a.locationName === name });

    await named(map, 'Café Bleu');
    await named('https://maps.google.com/?q=Old+Town@36.8,10.1', 'Old Town');
    await named('https://www.google.com/maps/search/pizza%2C+tunis/',
                'pizza, tunis');
    await named('https://www.google.com/maps/dir/?daddr=Sousse', 'Sousse');
    await named('https://maps.google.com/?q=36.8,10.1', '');
    await named('https://maps.app.goo.gl/x', '');
    await named('https://www.google.com/maps/place/Caf%E9+Bleu/@36.8,10.1,17z',
                'Caf%E9 Bleu');
    await named(null, '');
    await named(5, '');

    // ---- contact

    const message = { name: 'A', email: 'a@b.example', message: 'Hello' };

    const sent = await post('/contact', 201, { ...message, userId: '17',
                                               read: true }, {
        check: (m) => m.userId === 17 && m.userRole === 'GUEST'
            && m.subject === 'Contact Form Submission' && m.read === false });

    await post('/contact', 201, { ...message, userId: 1, userRole: 'BOSS' }, {
        as: client.token,
        check: (m) => m.userId === client.id && m.userRole === 'CLIENT' });
    await post('/contact', 201, { ...message, userId: '' },
               { as: 'an.old.token', check: (m) => m.userId === null });
    await post('/contact', 400, { ...message, email: 'x' },
               { message: 'email must be an email' });
    await post('/contact', 400, { name: '', email: 'x', message: '' }, {
        message: ['name should not be empty', 'email must be an email',
                  'message should not be empty'] });
    await post('/contact', 400, { ...message, userId: 'abc' });
    await post('/contact', 400, { ...message, name: long });

    const contact = (method, path, status, given) => c.expect(
        method, path, status, { as: admin.token, ...given });

    await contact('GET', '/contact', 200, {
        check: (m) => m.length >= 3 && m[0].id > m[1].id });
    await contact('GET', '/contact', 403,
                  { as: client.token, message: adminsOnly });

    for (const [method, path] of [['GET', '/contact/{id}'],
                                  ['PATCH', '/contact/{id}/read']])
    {
        await contact(method, path, 200, {
            params: { id: sent.json?.id },
            check: (m) => m.read === (method === 'PATCH') });
        await contact(method, path, 400, { params: { id: 'x' },
                                           message: 'Invalid message id' });
        await contact(method, path, 404, { params: { id: 2147483647 },
                                           message: 'Message not found' });
        await contact(method, path, 403, { params: { id: 1 },
                                           as: client.token,
                                           message: adminsOnly });
    }

    // ---- announcements

    const letter = { subject: 'S', description: 'D <b>', details: ['x'] };

    for (const path of ['/announcements/send', '/announcements/test']) {
        const announce = (status, body, given) => post(
            path, status, { ...letter, ...body },
            { as: admin.token, ...given });

        await announce(201, { role: 'PROVIDER' }, {
            check: (a) => a.recipients === 60 && a.sent === 0
                && a.users.length === 60
                && a.message
                   === 'Email would be sent to 60 users in production' });
        await announce(201, {
            emails: ['nobody@else.example', client.email, 'bad'],
            forceProduction: true,
        }, {
            check: (a) => a.total === 3 && a.sent === 2 && a.failed === 1
                && a.message === 'Email campaign completed' });
        await announce(400, { role: 'BOSS' });
        await announce(400, { details: 'x' });
        await announce(400, { subject: undefined, description: undefined }, {
            check: (a) => a.message.length === 2 });
        await announce(403, {}, { as: client.token, message: adminsOnly });
    }

    await post('/announcements/test', 403, letter, {
        as: admin.token, base: c.production,
        message: 'Test endpoint is not available in production' });

    const letters = await c.send('GET', '/test/mail/nobody@else.example');
    c.ok(letters.json?.html.includes('D &lt;b&gt;'),
         'an announcement is in the outbox, escaped', letters.text);

    // ---- the end of an account

    await c.expect('DELETE', one, 403, {
        as: other.token, params: { idOrEmail: address },
        message: 'You can only delete your own account' });
    await c.expect('DELETE', one, 403, {
        as: other.token, params: { idOrEmail: 'no@market.example' },
        title: 'whether there is such an account or not' });
    await c.expect('DELETE', one, 404, {
        as: admin.token, params: { idOrEmail: 'no@market.example' },
        message: 'User not found' });
    await c.expect('DELETE', one, 200, {
        as: token, params: { idOrEmail: email },
        check: (a) => a.deleted.user === email && a.deleted.offers === 0 });
    await c.expect('GET', '/users/me', 404,
                   { as: token, message: 'User not found' });

    const gone = await c.send('POST', '/users/request-deletion', {
        body: { email } });
    c.ok(gone.status === 404 && gone.json.message
         === 'Cannot POST /users/request-deletion',
         'POST /users/request-deletion is 404', gone.text);
}
