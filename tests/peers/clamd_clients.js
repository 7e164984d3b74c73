// Asks a clamd through one package that others wrote, about each file that is named, and
// says in one JSON object what the package made of it.
//
//   node clamd_clients.js PACKAGE PLACE FILE...
//
// PLACE is a port of 127.0.0.1, or the path of a socket where the package can use one.
'use strict';
const fs = require('fs');

const [name, place, ...paths] = process.argv.slice(2);
const port = Number(place);

// Each has the test ask in its own way, and gives [what it found or null].
const clients = {
  async clamscan() {
    const Client = require('clamscan');
    const where = Number.isNaN(port) ? { socket: place } : { host: '127.0.0.1', port };
    const clamdscan = { ...where, timeout: 30000, localFallback: false };
    const one = await new Client().init({ preference: 'clamdscan', clamdscan });
    const told = ({ isInfected, viruses }) => [isInfected, ...viruses];
    return {
      ping: async () => { (await one.ping()).end(); return 'PONG'; },
      version: async () => (await one.getVersion()).trim(),
      stream: async (path) => told(await one.scanStream(fs.createReadStream(path))),
      path: async (path) => told(await one.isInfected(path)),
    };
  },

  async clamdjs() {
    const client = require('clamdjs');
    const one = client.createScanner('127.0.0.1', port);
    const told = (reply) => [!client.isCleanReply(reply), reply];
    return {
      ping: async () => ((await client.ping('127.0.0.1', port, 30000)) ? 'PONG' : ''),
      version: () => client.version('127.0.0.1', port, 30000),
      stream: async (path) => told(await one.scanStream(fs.createReadStream(path), 30000)),
      path: async (path) => told(await one.scanFile(path, 30000)),
    };
  },

  async 'clamav.js'() {
    const client = require('clamav.js');
    const one = client.createScanner(port, '127.0.0.1');
    const asked = (...given) => new Promise((resolve, reject) => {
      one.scan(...given, (error, object, found) => {
        if (error) reject(error);
        else resolve(found ? [true, found] : [false]);
      });
    });
    const plain = (ask, answer) => new Promise((resolve, reject) => {
      ask(port, '127.0.0.1', 30000, (error, said) => {
        if (error) reject(error);
        else resolve(said === undefined ? answer : said);
      });
    });
    return {
      ping: () => plain(client.ping, 'PONG'),
      version: () => plain(client.version, ''),
      stream: (path) => asked(fs.createReadStream(path)),
      path: (path) => asked(path),
    };
  },
};

async function outcome(ask, path) {
  try {
    return await ask(path);
  } catch (error) {
    return ['error', String(error.message || error)];
  }
}

async function main() {
  const one = await clients[name]();
  const [ping, version, said] = [await one.ping(), await one.version(), []];
  for (const path of paths) {
    const stream = await outcome(one.stream, path);
    said.push({ path, stream, whole: await outcome(one.path, path) });
  }
  fs.writeSync(1, JSON.stringify({ ping, version, said }));
  process.exit(0);
}

main();
