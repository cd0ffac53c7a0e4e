// Copyright (C) the project authors
//
// The document that the server makes of its routes, beside the contract: each
// path, parameter and required member of a body is in both.

// what the server need not have: uploads come later, pictures are files, and
// "t" only keeps caches away; what it has beside the contract: a key for those
// who may have to send again, which no client of the contract sends
const left = new Set(['/storage/upload', '/storage/{path}', '/store/{path}']);


export async function agree(c) {
    const answer = await c.send('GET', '/openapi.json');
    const served = answer.json ?? { paths: {} };

    const deref = (document, node) => {
        while (node?.$ref) {
            node = node.$ref.slice(2).split('/').reduce(
                (at, name) => at?.[name.replace(/~1/g, '/')
                    .replace(/~0/g, '~')], document);
        }

        return node;
    };

    const parameters = (document, item, operation) =>
        [...(item.parameters ?? []), ...(operation.parameters ?? [])]
            .map((p) => deref(document, p))
            .filter((p) => p.name !== 't')
            .filter((p) => p.name !== 'Idempotency-Key' || p.required)
            .map((p) => `${p.in} ${p.name}${p.required ? ' required' : ''}`)
            .sort().join(', ');

    const members = (document, operation) => {
        const body = deref(document, operation.requestBody);
        const schema = deref(document,
                             body?.content?.['application/json']?.schema);

        return [...(schema?.required ?? [])].sort().join(', ');
    };

    for (const [path, methods] of Object.entries(c.document.paths)) {
        if (left.has(path)) {
            continue;
        }

        for (const [method, operation] of Object.entries(methods)) {
            if (method === 'parameters') {
                continue;
            }

            const name = `${method.toUpperCase()} ${path}`;
            const own = served.paths[path]?.[method];

            c.ok(own !== undefined, `${name} is described`);

            if (!own) {
                continue;
            }

            const pairs = [
                ['parameters', parameters(c.document, methods, operation),
                 parameters(served, served.paths[path], own)],
                ['required members', members(c.document, operation),
                 members(served, own)],
                ['sign-in', String(!!operation.security?.length),
                 String(!!own.security?.length
                        && own.security.every((s) => Object.keys(s).length))],
            ];

            for (const [what, contract, mine] of pairs) {
                c.ok(contract === mine, `${name}: ${what}: ${contract}`, mine);
            }
        }
    }
}
