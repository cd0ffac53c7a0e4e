// Copyright (C) the project authors
//
// node sharp.mjs DIR FILES SECONDS: pictures of 400 x 300 in WebP, two at a
// time as the worker has two threads; prints images a second in hundredths,
// and microseconds of CPU for each.

import sharp from 'sharp';

const [dir, files, seconds] = process.argv.slice(2);

sharp.cache(false);
sharp.concurrency(1);

let made = 0;
const begin = process.hrtime.bigint();
const used = process.cpuUsage();
const passed = () => Number(process.hrtime.bigint() - begin) / 1e9;

async function work() {
    while (passed() < seconds) {
        await sharp(`${dir}/${made++ % files}.jpg`)
            .autoOrient()
            .resize(400, 300, { fit: 'inside', withoutEnlargement: true })
            .webp({ quality: 79, effort: 4 })
            .toBuffer();
    }
}

await Promise.all([work(), work()]);

const cpu = process.cpuUsage(used);

console.log(Math.round(made * 100 / passed()),
            Math.round((cpu.user + cpu.system) / made));
