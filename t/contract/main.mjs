// Copyright (C) the project authors
//
// The whole contract but uploads: for each path and status a request at
// least.  Arguments: openapi.yaml, URL of the server, URL of one that runs
// as in production, file with the key of the tokens, file of Google's keys.

import { accounts } from './accounts.mjs';
import { agree } from './agree.mjs';
import { broken } from './broken.mjs';
import { google } from './google.mjs';
import { nasty } from './nasty.mjs';
import { offers } from './offers.mjs';
import { orders } from './orders.mjs';
import { start } from './contract.mjs';

const { c: contract, people, rest: [certsFile] } = await start();

// an account that was erased after the token was given
people.gone = { token: contract.token({ id: '2147483647', email: 'x' }) };

// What every operation with sign-in answers to those who are not.
for (const [path, methods] of Object.entries(contract.document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
        if (!operation.security?.length || path === '/storage/upload') {
            continue;
        }

        const given = {
            params: { id: '1', userId: '1', offerId: '1', orderId: '1',
                      providerId: '1', token: 'x', idOrEmail: 'a@b.example' },
        };
        const verb = method.toUpperCase();

        // neither browsers nor wrong bodies change who is asking
        await contract.expect(verb, path, 401, {
            ...given, message: 'Not Logged in',
            headers: { Accept: 'text/html' },
        });
        await contract.expect(verb, path, 404, {
            ...given, as: people.gone.token, message: 'User not found',
            headers: { Accept: 'text/html' },
        });
    }
}

const { id } = people.client;
const now = Math.floor(Date.now() / 1000);
const me = (token, message, title) => contract.expect(
    'GET', '/users/me', 401, { as: token, message, title });

const good = contract.token({ id: `${id}` });

await contract.expect('GET', '/users/me', 200, { as: good,
    check: (me, answer) => me.id === id && !('password' in me)
        && answer.headers['cache-control'] === 'private, no-store' });

await me(contract.token({ id: `${id}`, type: 2 }), 'Invalid Token',
         'a refresh token');
await me(contract.token({ id: `${id}`, type: undefined }), 'Invalid Token',
         'no type');
await me(contract.token({ id: 'abc' }), 'Authentication failed',
         'id is no number');
await me(contract.token({ id: `${id}\n` }), 'Authentication failed',
         'a line end behind the id');
await me(contract.token({ id: `${id}`, exp: now - 60 }),
         'Authentication failed', 'expired');
await me(contract.token({ id: `${id}`, nbf: now + 3600 }),
         'Authentication failed', 'not yet');
await me(contract.token({ id: `${id}` }, { header: { alg: 'none' } }),
         'Authentication failed', 'alg none');
await me(contract.token({ id: `${id}` }, { header: { alg: 'RS256' } }),
         'Authentication failed', 'another alg');
await me(contract.token({ id: `${id}` }, { key: 'other' }),
         'Authentication failed', 'another key');
await me(good.slice(0, -4), 'Authentication failed', 'truncated');
await me('nonsense', 'Authentication failed', 'no token at all');
await me('a'.repeat(65000), 'Authentication failed', '64 KB');

for (const header of ['Basic YTpi', `Bearer  ${good}`, 'Bearer', good]) {
    await contract.expect('GET', '/users/me', 401, {
        headers: { Authorization: header }, message: 'Not Logged in',
        title: header.slice(0, 10),
    });
}

// preflights, and OPTIONS of what is no browser
for (const [origin, path] of [['http://localhost:3000', '/offers'],
                              ['http://localhost:3000', '/nothing'],
                              [undefined, '/offers']])
{
    const answer = await contract.send('OPTIONS', path, {
        headers: origin ? { Origin: origin } : {} });

    contract.ok(answer.status === 204 && answer.text === ''
                && answer.headers['access-control-allow-origin'] === origin
                && (answer.headers['access-control-allow-methods'] ?? '')
                   .includes('PATCH') === Boolean(origin),
                `OPTIONS ${path} from ${origin ?? 'nowhere'} is 204`,
                JSON.stringify(answer));
}

await agree(contract);
await accounts(contract, people);
await google(contract, people, certsFile);
await offers(contract, people);
await orders(contract, people);
await nasty(contract, people);
await broken(contract, people);

// counts of requests are limited elsewhere; pictures and uploads have tests
// of their own; some operations have nothing inside that could fail
const never = new Set([
    'GET /health 500', 'POST /users/extract-location 500',
    'GET /users/reverse-geocode 500',
]);

contract.covered((what) => what.endsWith(' 429') || never.has(what)
                 || what.includes(' /storage/') || what.includes(' /store/'));

contract.end();
