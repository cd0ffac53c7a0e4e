// Copyright (C) the project authors
//
// Sign-in with Google, which is a file of keys here.

import { generateKeyPairSync, createHmac, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';

const failed = 'Google authentication failed. Please ensure your token is'
               + ' valid.';
const noEmail = 'Unable to retrieve email from Google account';


function keys(kid) {
    const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const jwk = pair.publicKey.export({ format: 'jwk' });

    return { ...pair, kid,
             jwk: { ...jwk, kid, alg: 'RS256', use: 'sig' },
             pem: pair.publicKey.export({ format: 'pem', type: 'spki' }) };
}


export async function google(c, people, file) {
    const first = keys('first');
    const second = keys('second');
    const now = Math.floor(Date.now() / 1000);
    const part = (o) => Buffer.from(JSON.stringify(o)).toString('base64url');
    const publish = (...list) => writeFileSync(file, JSON.stringify({
        keys: list.map((key) => key.jwk) }));

    const unsigned = (claims, header) =>
        part({ alg: 'RS256', typ: 'JWT', ...header }) + '.' + part({
            iss: 'https://accounts.google.com', aud: 'web.market.example',
            azp: 'web.market.example', sub: '100000000000000000001',
            email: 'Gina@Gmail.example', email_verified: true, name: 'Gina',
            picture: 'https://images.example/gina', iat: now, exp: now + 3600,
            ...claims });

    const token = (claims = {}, { key = first, header = {} } = {}) => {
        const text = unsigned(claims, { kid: key.kid, ...header });

        return text + '.' + sign('sha256', Buffer.from(text), key.privateKey)
            .toString('base64url');
    };

    const post = (title, status, body, given = {}) => c.expect(
        'POST', '/auth/google', status,
        { base: c.production, body, title, ...given });

    const good = (title, claims, check, options) => post(
        title, 201, { token: token(claims, options) }, { check });

    const bad = (title, claims, options, status = 401, message = failed) =>
        post(title, status, { token: token(claims, options) }, { message });

    publish(first);

    // ---- without a client id no token is good

    await c.expect('POST', '/auth/google', 401, {
        body: { token: token() }, message: failed });
    await c.expect('POST', '/auth/google', 400, {
        body: { token: '' }, message: 'Google ID Token is required' });

    await post('no token', 400, {}, {
        message: 'token must be a string, Google ID Token is required' });
    await post('a list', 400, { token: ['x'] });
    await post('a number', 401, { token: 5 }, { message: failed });

    // ---- a new account, and the same again

    let id;
    let access;

    await good('a new account', {}, (a) => {
        id = a.user.id;
        access = a.accessToken;

        return a.user.email === 'gina@gmail.example' && a.isNewUser
            && a.needsOnboarding && a.user.username === 'Gina'
            && a.user.role === 'NONE' && a.user.emailVerified
            && a.user.location === '' && a.user.phoneNumber === ''
            && a.user.profileImage === 'https://images.example/gina'
            && !('googleId' in a.user) && a.refreshToken !== a.accessToken;
    });

    await c.expect('GET', '/users/me', 200, {
        as: access, check: (me) => me.id === id && me.emailVerified
            && !('googleId' in me) });
    await c.expect('POST', '/users/set-role', 201, {
        as: access, body: { role: 'CLIENT' } });

    await good('the same by its id', {
        email: 'Other@Gmail.example', email_verified: false, name: 'X',
        iss: 'accounts.google.com',
    }, (a) => a.user.id === id && !a.isNewUser && !a.needsOnboarding
        && a.user.email === 'gina@gmail.example' && a.user.role === 'CLIENT');

    await good('no name and no picture', {
        sub: '100000000000000000002', email: 'plain@gmail.example',
        name: undefined, picture: undefined, email_verified: 'true',
    }, (a) => a.user.username === 'plain' && a.user.profileImage === '');

    // ---- an address that has an account

    const { email } = people.other;

    await good('an account that is linked', {
        sub: '100000000000000000003', email: email.toUpperCase(),
    }, (a) => a.user.id === people.other.id && !a.isNewUser);
    await c.expect('POST', '/auth/signin', 201, {
        body: { email, password: 'sample-password' },
        title: 'a proven address keeps its password' });

    const squatted = 'squatted@gmail.example';

    await c.expect('POST', '/auth/signup', 201, {
        body: { email: squatted, username: 'S', password: 'long enough' } });
    await bad('an address that is not proven', {
        sub: '100000000000000000004', email: squatted, email_verified: false });
    await bad('nor said to be', {
        sub: '100000000000000000004', email: squatted,
        email_verified: undefined });
    await bad('not even for a new account', {
        sub: '100000000000000000004', email: 'nobody@gmail.example',
        email_verified: false });
    await good('one that somebody has registered before', {
        sub: '100000000000000000004', email: squatted,
    }, (a) => a.user.emailVerified && a.user.username === 'S');
    await c.expect('POST', '/auth/signin', 401, {
        body: { email: squatted, password: 'long enough' },
        message: 'Invalid email or password' });

    // ---- tokens that are wrong

    for (const claims of [{ email: undefined }, { email: '' }, { email: 5 },
                          { email: 'a\nb@gmail.example' },
                          { email: 'a@gmail.example\n' },
                          { email: `${'x'.repeat(190)}@a.example` }])
    {
        await bad('no email', { sub: '100000000000000000005', ...claims }, {},
                  400, noEmail);
    }

    await bad('another audience', { aud: 'app.market.example' });
    await bad('a list of audiences', { aud: ['web.market.example'] });
    await bad('no audience', { aud: undefined });
    await bad('another issuer', { iss: 'https://accounts.example' });
    await bad('no issuer', { iss: undefined });
    await bad('expired', { exp: now - 60 });
    await bad('without an end', { exp: undefined });
    await bad('not valid yet', { nbf: now + 3600 });
    await bad('issued in the future', { iat: now + 3600 });
    await bad('no subject', { sub: undefined });
    await bad('an empty subject', { sub: '' });
    await bad('another algorithm', {}, { header: { alg: 'RS512' } });
    await bad('a key of the name', {}, { key: { ...second, kid: 'first' } });
    await post('not signed', 401, {
        token: `${unsigned({}, { alg: 'none', kid: 'first' })}.`,
    }, { message: failed });

    const forged = unsigned({}, { alg: 'HS256', kid: 'first' });

    await post('signed with the public key', 401, {
        token: `${forged}.${createHmac('sha256', first.pem).update(forged)
            .digest('base64url')}`,
    }, { message: failed });

    await post('cut', 401, { token: token().slice(0, -6) },
               { message: failed });
    await post('of 64 KB', 401, { token: token({ x: 'x'.repeat(49000) }) },
               { message: failed });

    // ---- keys that change while the server runs

    publish(first, second);

    await good('a new key', {}, (a) => a.user.id === id, { key: second });
    await good('and the old one', {}, (a) => a.user.id === id);
    await bad('a key that nobody has published', {},
              { header: { kid: 'third' } });

    people.google = token();
}
