// A packing station as central sees one: paired by code, it pulls, leases, and pushes facts chained by their hashes, as the protocol wants
// them (src/protocol/wire/event.rs). It packs an order into one parcel, scan by scan.
import { createHash, randomUUID } from 'node:crypto';
import { ensure } from './kit.mjs';

const uuid = (text) => Buffer.from(text.replaceAll('-', ''), 'hex');
const big = (n) => { const out = Buffer.alloc(8); out.writeBigInt64BE(BigInt(n)); return out; };
const small = (n) => { const out = Buffer.alloc(4); out.writeUInt32BE(n); return out; };
const text = (t) => { const bytes = Buffer.from(t, 'utf8'); return Buffer.concat([small(bytes.length), bytes]); };

// Eighteen digits with their check digit (GS1, modulo 10).
function sscc(block, serial) {
  const digits = `${block.extension}${block.company_prefix}${String(serial).padStart(16 - block.company_prefix.length, '0')}`;
  const sum = [...digits].reduce((all, digit, place) => all + Number(digit) * (place % 2 === 0 ? 3 : 1), 0);
  return digits + ((10 - (sum % 10)) % 10);
}

export class Station {
  constructor(url) { this.url = url; this.seq = 0; this.head = '0'.repeat(64); this.requests = 0; this.boot = randomUUID(); this.packer = randomUUID(); }

  async ask(path, body) {
    const headers = { authorization: `Bearer ${this.who?.token ?? ''}`, 'content-type': 'application/json' };
    const answer = await fetch(this.url + path, body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers });
    const said = await answer.text();
    ensure(answer.ok, `${path} is answered: ${answer.status} ${said}`);
    return JSON.parse(said);
  }

  async pair(code) {
    this.who = await this.ask('/api/v1/pairing', { protocol: 1, code, machine_name: 'bench', software: 'walk' });
  }

  // The newest state of everything.
  async pull() {
    const known = { order: new Map(), fulfillment: new Map(), packaging: new Map() };
    let cursor = '';
    for (;;) {
      const page = await this.ask(`/api/v1/sync/pull?protocol=1&limit=500${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
      for (const { kind, body } of page.changes) if (known[kind] && body.upsert) known[kind].set(body.upsert.id, body.upsert);
      cursor = page.next_cursor;
      if (!page.more) return known;
    }
  }

  async lease() {
    this.requests += 1;
    return this.ask('/api/v1/sync/leases', {
      protocol: 1, station_id: this.who.station_id, epoch: this.who.epoch, request_no: this.requests, want: 50, have: [], returns: [],
      rate_per_hour: 60, sscc_left: 0,
    });
  }

  event(work, fence, type, fact) {
    const event = {
      id: randomUUID(), station_id: this.who.station_id, epoch: this.who.epoch, seq: this.seq += 1, type: `pack_session.${type}`, schema: 1,
      fulfillment: work, fence, wall_ms: Date.now(), mono_ms: Math.round(performance.now()), boot_id: this.boot, prev_hash: this.head,
      payload: { actor: this.packer, event: fact },
    };
    const bytes = Buffer.concat([
      Buffer.from('packbench/event/1\n'), uuid(event.id), uuid(event.station_id), big(event.epoch), big(event.seq), text(event.type),
      small(event.schema), Buffer.of(1), uuid(work), Buffer.of(1), big(fence), big(event.wall_ms), big(event.mono_ms), uuid(this.boot),
      Buffer.from(this.head, 'hex'), text(JSON.stringify(event.payload)),
    ]);
    this.head = createHash('sha256').update(bytes).digest('hex');
    return event;
  }

  // Packs the order of that number; when the push was sent, and the number on the parcel.
  async pack(number) {
    const leases = await this.lease();
    const known = await this.pull();
    const order = [...known.order.values()].find((one) => one.number === number);
    ensure(order, `the bench knows order ${number}`);
    const work = [...known.fulfillment.values()].find((one) => one.order_id === order.id);
    const grant = leases.granted.find((one) => one.fulfillment === work.id);
    ensure(grant, `the bench holds order ${number}`);
    const packaging = [...known.packaging.values()][0].id;
    const label = sscc(leases.sscc_blocks[0], leases.sscc_blocks[0].first);
    const trace = { serial: null, lot: null, expiry: null };
    const fact = (type, body) => this.event(work.id, grant.fence, type, body);
    const events = [fact('opened', {
      fulfillment: work.id, order_version: order.version, packer: this.packer, how: 'next', picked_elsewhere: false, fence: grant.fence,
    })];
    let units = 0;
    for (const line of work.lines) {
      events.push(fact('picked', { line: line.position, quantity: line.quantity, location: null, how: 'touch' }));
      events.push(fact('verified', {
        line: line.position, product: line.product_id, units: line.quantity, trace, how: { scan: {} }, parcel: 1, gesture: randomUUID(),
      }));
      units += line.quantity;
    }
    events.push(fact('packaging_chosen', { parcel: 1, packaging, how: 'suggested' }));
    events.push(fact('label_assigned', { parcel: 1, sscc: label, documents: ['label'] }));
    events.push(fact('parcel_confirmed', { parcel: 1, sscc: label, gesture: randomUUID() }));
    events.push(fact('packed', { parcels: 1, units, worked_ms: 60_000 }));
    const at = Date.now();
    const told = await this.ask('/api/v1/sync/push', { protocol: 1, station_id: this.who.station_id, epoch: this.who.epoch, events });
    ensure(told.outcomes.every((one) => one.outcome === 'accepted'), `central takes every fact: ${JSON.stringify(told)}`);
    return { at, label };
  }
}
