// Copyright (C) the project authors
//
// Prints t/unit/image_hash.h: what the npm packages make of images that the
// unit test makes as well.  All is in whole numbers, for C to do the same.

import { encode } from 'blurhash';
import { rgbaToThumbHash } from 'thumbhash';

// kind, width, height, components
const images = [
    ['plain', 1, 1, 1, 1], ['plain', 100, 100, 9, 9], ['plain', 31, 7, 4, 3],
    ['waves', 100, 100, 4, 3], ['waves', 100, 75, 9, 9],
    ['waves', 56, 100, 3, 4], ['waves', 100, 1, 9, 1], ['waves', 1, 100, 1, 9],
    ['waves', 2, 3, 2, 2], ['waves', 100, 12, 5, 1], ['waves', 33, 32, 1, 1],
    ['noise', 1, 1, 9, 9], ['noise', 32, 32, 4, 3], ['noise', 100, 99, 9, 9],
    ['noise', 7, 90, 2, 7], ['noise', 64, 48, 4, 3],
    ['veil', 100, 100, 4, 4], ['veil', 100, 40, 4, 3], ['veil', 20, 80, 3, 5],
    ['veil', 1, 1, 1, 1], ['clear', 10, 10, 4, 3], ['dark', 40, 30, 4, 3],
    ['light', 40, 30, 4, 3],
];

let seed;

function noise() {
    seed = Math.imul(seed, 1103515245) + 12345 >>> 0;
    return seed >>> 24;
}

// up and down between 0 and 255
function wave(n) {
    const m = n % 510;
    return m < 256 ? m : 510 - m;
}

function channel(kind, x, y, c) {
    const smooth = wave(x * (3 + c) + y * (7 - 2 * c) + c * 90 + x * y / 8 | 0);

    switch (kind) {
    case 'plain': return c === 3 ? 255 : 200 - 60 * c;
    case 'waves': return c === 3 ? 255 : smooth;
    case 'noise': return c === 3 ? 255 : noise();
    case 'veil': return c === 3 ? noise() : smooth;
    case 'clear': return c === 3 ? 0 : smooth;
    case 'dark': return c === 3 ? 255 : smooth >> 6;
    case 'light': return c === 3 ? 255 : 255 - (smooth >> 6);
    }
}

function pixels(kind, width, height) {
    const out = new Uint8ClampedArray(width * height * 4);

    seed = width * 1000 + height;

    for (let i = 0, y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
            for (let c = 0; c < 4; c++) {
                out[i++] = channel(kind, x, y, c);
            }
        }
    }

    return out;
}

// "??" begins a trigraph; lines are of 64 characters
function text(value) {
    return (value.match(/.{1,64}/g))
        .map((part) => `      "${part.replaceAll('?', '\\?')}"`).join('\n');
}

console.log(`
/*
 * Copyright (C) the project authors
 */

/*
 * Made by t/image_hash/vectors.mjs: kind, width, height, components, the
 * BlurHash and the ThumbHash.
 */


static const test_hash_t  test_hashes[] = {`);

for (const [kind, width, height, x, y] of images) {
    const data = pixels(kind, width, height);
    const blur = encode(data, width, height, x, y);
    const thumb = Buffer.from(rgbaToThumbHash(width, height, data));

    // of one colour only the constants: the rest is the noise of cosines
    // that should cancel out, and nobody sees it, for its scale is 0
    const hex = thumb.toString('hex', 0, kind === 'plain' ? 5 : thumb.length);

    console.log(`    { "${kind}", ${width}, ${height}, ${x}, ${y},
${text(blur)},
${text(hex)} },`);
}

console.log('};');
