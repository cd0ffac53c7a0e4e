// Copyright (C) the project authors
//
// Asks a running server and compares each answer with the contract: its
// status, and its body with the schema that openapi.yaml has for that status.
// The schemas are judged by ajv, which knows nothing of this project.

import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import http from 'node:http';

import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import YAML from 'yaml';


const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);

// "double" is a hint of OpenAPI, not a format of JSON Schema
ajv.addFormat('double', true);


export class Contract {

    constructor(file, base, key) {
        this.document = YAML.parse(readFileSync(file, 'utf8'));
        this.base = base;
        this.key = key;
        this.seen = new Set();
        this.tests = 0;
        this.failures = 0;
        this.agent = new http.Agent({ keepAlive: true });

        ajv.addSchema(this.document, 'contract');
    }

    ok(good, name, detail) {
        this.tests++;
        this.failures += good ? 0 : 1;
        console.log(`${good ? 'ok' : 'not ok'} - ${name.replace(/\n/g, ' ')}`);

        if (!good && detail) {
            console.log(String(detail).replace(/^/gm, '# '));
        }
    }

    // a token as the server would make it, but for what is to be wrong
    token(claims, { key = this.key, header = {} } = {}) {
        const now = Math.floor(Date.now() / 1000);
        const part = (o) =>
            Buffer.from(JSON.stringify(o)).toString('base64url');

        const text = part({ alg: 'HS256', typ: 'JWT', ...header }) + '.'
                     + part({ type: 1, iat: now, exp: now + 600, ...claims });

        return text + '.'
               + createHmac('sha256', key).update(text).digest('base64url');
    }

    // path[method], its schema for a status
    operation(method, path) {
        const found = this.document.paths[path]?.[method.toLowerCase()];

        if (!found) {
            throw new Error(`the contract has no ${method} ${path}`);
        }

        return found;
    }

    schema(method, path, status, type) {
        const escape = (s) => s.replace(/~/g, '~0').replace(/\//g, '~1');
        let response = this.operation(method, path).responses[status];
        let where = `#/paths/${escape(path)}/${method.toLowerCase()}`
                    + `/responses/${status}`;

        if (response?.$ref) {
            where = response.$ref;
            response = this.document.components.responses[
                where.split('/').pop()];
        }

        if (!response?.content?.[type]) {
            return null;
        }

        return ajv.getSchema(
            encodeURI(`contract${where}/content/${escape(type)}/schema`));
    }

    send(method, target, { as, headers = {}, body, base = this.base } = {}) {
        const url = new URL(base + target);
        const sent = { ...headers };
        let text;

        if (as) {
            sent.Authorization = `Bearer ${as}`;
        }

        if (body !== undefined) {
            text = typeof body === 'string' ? body : JSON.stringify(body);
            sent['Content-Type'] ??= 'application/json';
            sent['Content-Length'] = Buffer.byteLength(text);
        }

        return new Promise((resolve, reject) => {
            const request = http.request(url, {
                method, headers: sent, agent: this.agent, path: target,
                timeout: 20000,
            }, (response) => {
                const parts = [];
                response.on('data', (d) => parts.push(d));
                response.on('end', () => {
                    const got = Buffer.concat(parts);
                    const type = (response.headers['content-type'] ?? '')
                        .split(';')[0];
                    let json;

                    try {
                        json = type === 'application/json'
                            ? JSON.parse(got.toString()) : undefined;
                    } catch {
                        json = undefined;
                    }

                    resolve({ status: response.statusCode, type, json,
                              headers: response.headers,
                              text: got.toString() });
                });
            });

            request.on('timeout', () => request.destroy(
                new Error(`${method} ${target}: no answer in 20 s`)));
            request.on('error', reject);
            request.end(text);
        });
    }

    // One request that is to be answered with "status".
    //
    //   path      as the contract writes it, "/orders/{id}"
    //   given     params, query, as (token), headers, body, base;
    //             message: the text of an error, exactly;
    //             check: (json, answer) => true, or what is wrong
    async expect(method, path, status, given = {}) {
        const target = path.replace(/\{(\w+)\}/g,
            (all, name) => encodeURIComponent(given.params[name]))
            + (given.query ?? '');
        const name = `${method} ${target} is ${status}`
                     + (given.title ? `: ${given.title}` : '');

        const answer = await this.send(method, target, given);

        if (answer.status !== status) {
            this.ok(false, name, `${answer.status} ${answer.text}`);
            return answer;
        }

        this.seen.add(`${method} ${path} ${status}`);

        const documented = this.operation(method, path).responses[status];

        if (!documented) {
            this.ok(false, name, 'the contract has no such status');
            return answer;
        }

        const validate = this.schema(method, path, status, answer.type);

        if (!validate && (documented.content || documented.$ref)) {
            this.ok(false, name, `no schema for ${answer.type}`);
            return answer;
        }

        const value = answer.type === 'application/json'
            ? answer.json : answer.text;

        if (validate && !validate(value)) {
            this.ok(false, name, ajv.errorsText(validate.errors) + '\n'
                    + answer.text.slice(0, 2000));
            return answer;
        }

        if (given.message !== undefined
            && JSON.stringify(answer.json?.message)
               !== JSON.stringify(given.message))
        {
            this.ok(false, name, answer.text);
            return answer;
        }

        if (status >= 400 && answer.json?.statusCode !== undefined
            && (answer.json.statusCode !== status
                || Object.keys(answer.json).length !== 2))
        {
            this.ok(false, name, answer.text);
            return answer;
        }

        const wrong = given.check ? given.check(answer.json, answer) : true;

        this.ok(wrong === true, name,
                `${wrong}\n${answer.text.slice(0, 2000)}`);

        return answer;
    }

    // Each status of each operation was seen, but for those left out.
    covered(except) {
        for (const [path, methods] of Object.entries(this.document.paths)) {
            for (const [method, operation] of Object.entries(methods)) {
                if (method === 'parameters') {
                    continue;
                }

                for (const status of Object.keys(operation.responses)) {
                    const what = `${method.toUpperCase()} ${path} ${status}`;

                    if (!except(what)) {
                        this.ok(this.seen.has(what), `seen: ${what}`);
                    }
                }
            }
        }
    }

    // What people of the sample data sign in with.
    async signIn(email) {
        const answer = await this.send('POST', '/auth/signin', {
            body: { email, password: 'sample-password' },
        });

        if (answer.status !== 201) {
            throw new Error(`${email} cannot sign in: ${answer.text}`);
        }

        return { token: answer.json.accessToken, id: answer.json.user.id,
                 email };
    }

    end() {
        console.log(`1..${this.tests}`);
        process.exit(this.failures ? 1 : 0);
    }
}


// The contract of the command line, people to ask as, and the arguments that
// are left.
export async function start() {
    const [file, base, production, keyFile, ...rest] = process.argv.slice(2);
    const c = new Contract(file, base, readFileSync(keyFile));

    c.production = production;

    const people = {
        admin: await c.signIn('admin@market.example'),
        client: await c.signIn('client001@market.example'),
        other: await c.signIn('client002@market.example'),
        provider: await c.signIn('provider001@market.example'),
        rival: await c.signIn('provider002@market.example'),
    };

    return { c, people, rest };
}
