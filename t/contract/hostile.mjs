// Copyright (C) the project authors
//
// Every input of every operation that the server describes, with texts that
// would end a statement, and with members that nobody is to set.
// Arguments: as those of main.mjs, and a file for the names of the inputs.
//
// Each input has a mark of its own in its texts: whoever reads the log of the
// database sees which of them came there, and as what.

import { writeFileSync } from 'node:fs';

import { start } from './contract.mjs';

const { c, people, rest: [, namesFile] } = await start();

const served = (await c.send('GET', '/openapi.json')).json;
const far = '2035-01-01T00:00:00.000Z';
let n = 0;

// what an example of the contract needs to be taken here and now
const bodies = {
    '/offers': () => ({ expirationDate: far, pickupEndTime: far }),
    '/offers/rapid-minimal': () => ({ pickupStartTime: far }),
    '/auth/signup': () => ({ email: `hostile${n++}@market.example` }),
    '/users': () => ({ email: `hostile${n++}@market.example` }),
    '/announcements/send': () => ({ emails: ['nobody@else.example'] }),
};

function deref(node, document = served) {
    return node?.$ref
        ? node.$ref.slice(2).split('/').reduce((at, name) => at[name],
                                               document)
        : node;
}

function properties(operation, document) {
    const body = deref(operation.requestBody, document);
    const schema = body?.content?.['application/json']?.schema;

    return Object.keys(deref(schema, document)?.properties ?? {});
}

// members: what the server says a body may have; declared: what the contract
// says it may
function* operations() {
    for (const [path, methods] of Object.entries(served.paths)) {
        const known = c.document.paths[path];

        for (const [method, operation] of Object.entries(methods)) {
            if (!known?.[method]) {
                continue;
            }

            const body = deref(known[method].requestBody, c.document);
            const given = body?.content?.['application/json']?.example ?? {};

            yield {
                path, method: method.toUpperCase(),
                parameters: [...(methods.parameters ?? []),
                             ...(operation.parameters ?? [])].map(deref),
                members: properties(operation, served),
                declared: properties(known[method], c.document),
                example: () => ({ ...given, ...bodies[path]?.() }),
                who: [...(operation.security?.length
                          ? [people.client, people.provider, people.admin]
                          : []),
                      ...(operation.security?.every(
                          (s) => Object.keys(s).length) ? [] : [{}])],
                base: path === '/announcements/test' ? c.base : c.production,
            };
        }
    }
}

function target(o, given = {}) {
    const query = new URLSearchParams();
    let path = o.path;

    for (const p of o.parameters) {
        const value = given[p.name]
            ?? (p.schema?.type === 'string' ? 'x' : `${people.offer}`);

        if (p.in === 'path') {
            path = path.replace(`{${p.name}}`, encodeURIComponent(value));

        } else if (p.in === 'query' && given[p.name] !== undefined) {
            query.set(p.name, value);
        }
    }

    return path + (`${query}` ? `?${query}` : '');
}


// ---- members that nobody is to set

const made = await c.send('POST', '/offers', {
    as: people.provider.token,
    body: { title: 'Mine', description: '', price: 1, quantity: 5,
            expirationDate: far, pickupEndTime: far, images: ['x'] } });

people.offer = made.json.id;

const state = async (since) => (await c.send('GET', '/test/state?'
    + new URLSearchParams({ a: people.client.id, b: people.provider.id,
                            d: people.admin.id, ...since }))).json;

const { last } = await state({});
const before = JSON.stringify((await state(last)).sums);

const wanted = {
    role: 'PROVIDER', ownerId: people.rival.id, userId: people.other.id,
    id: people.admin.id, emailVerified: true, email: 'stolen@market.example',
    password: 'stolen password', googleId: 'stolen', facebookId: 'stolen',
    status: 'confirmed', qrCodeToken: 'stolen', collectedAt: far,
    read: true, admin: true, isAdmin: 1, type: 1,
    owner: { id: people.rival.id }, 'owner.id': people.rival.id,
    auth: { id: people.admin.id, role: 'PROVIDER', admin: true },
    'auth.id': people.admin.id, 'auth.admin': true,
    user: { id: people.admin.id, role: 'PROVIDER' }, 'user.id': 1,
    claims: { id: `${people.admin.id}` }, known: { id: people.admin.id },
    made: { id: people.admin.id }, constructor: { role: 'PROVIDER' },
    admin_emails: people.client.email, $admin_emails: people.client.email,
};

for (const o of operations()) {
    if (o.members.length === 0) {
        continue;
    }

    const extra = Object.fromEntries(Object.entries(wanted).filter(
        ([name]) => !o.declared.includes(name)));
    const flat = Object.entries(extra).filter(
        ([, value]) => typeof value !== 'object');

    for (const who of o.who) {
        // a role is what this one is for: that of a customer stays one
        if (o.path === '/users/set-role' && who !== people.client) {
            continue;
        }

        const url = target(o);
        const query = `${url.includes('?') ? '&' : '?'}`
                      + new URLSearchParams(flat);
        const common = { as: who.token, base: o.base };

        const answers = [
            await c.send(o.method, url, {
                ...common, body: { ...o.example(), ...extra } }),
            await c.send(o.method, url + query, {
                ...common, body: { ...extra, ...o.example() } }),
            await c.send(o.method, url, {
                ...common,
                headers: { 'Content-Type':
                           'application/x-www-form-urlencoded' },
                body: `${new URLSearchParams([
                    ...Object.entries(o.example()), ...flat])}` }),
        ];

        const after = await state(last);

        c.ok(answers.every((a) => a.status < 500)
             && JSON.stringify(after.sums) === before
             && Object.values(after.strange).every((count) => count === 0),
             `${o.method} ${o.path} as ${who.email ?? 'nobody'} sets no more`
             + ' than it is for',
             answers.map((a) => a.text.slice(0, 200)).join('\n')
             + `\n${before}\n${JSON.stringify(after)}`);
    }
}


// ---- texts that would end a statement

const texts = (mark) => [
    `${mark}'; DROP TABLE User; -- `, `${mark}" OR ""="`, `${mark}\\' OR 1=1 #`,
    `${mark}\`) UNION SELECT password FROM User -- `,
    `${mark} ? :auth.id ]] [[ ${'$'}{user.password}`, `${mark}\u0000'/**/`,
];

const names = [];

async function put(o, name, given) {
    const mark = `zq7x${names.length}x`;
    const bad = [];

    names.push(`${o.method} ${o.path} ${name}`);

    for (const text of texts(mark)) {
        for (const who of o.who) {
            const { url, body } = given(text);
            const answer = await c.send(o.method, url, {
                as: who.token, base: o.base,
                body: o.method === 'GET' || o.method === 'DELETE'
                    ? undefined : body });

            if (answer.status >= 500) {
                bad.push(`${JSON.stringify(text)}: ${answer.text}`);
            }
        }
    }

    c.ok(bad.length === 0, `${names.at(-1)} takes any text`, bad.join('\n'));
}

for (const o of operations()) {
    for (const p of o.parameters) {
        await put(o, p.name, (text) => ({
            url: target(o, { [p.name]: text }), body: o.example() }));
    }

    for (const member of o.members) {
        await put(o, member, (text) => ({
            url: target(o), body: { ...o.example(), [member]: text } }));
        await put(o, `${member}[]`, (text) => ({
            url: target(o), body: { ...o.example(), [member]: [text] } }));
        await put(o, `${member}.x`, (text) => ({
            url: target(o),
            body: { ...o.example(), [member]: [{ filename: text, url: text,
                                                 [text]: 1 }] } }));
    }
}

writeFileSync(namesFile, names.join('\n'));

c.ok(names.length > 150, `${names.length} inputs`);
await c.expect('GET', '/users', 200, {
    as: people.admin.token, check: (list) => list.length > 400 });

c.end();
