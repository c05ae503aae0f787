import { mkdtempSync, writeFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { DWP_ADAPTER } from '../../services/dwp-adapter/src/dwp.adapter.js';
import { COUNCIL_ADAPTER } from '../../services/council-adapter/src/council.adapter.js';
import { readFile } from './src/readers/read-file.js';
import { loadPlaces } from './src/places.js';
const places = loadPlaces();
const feeds = new Map([DWP_ADAPTER, COUNCIL_ADAPTER].flatMap((a) => a.feeds.map((f) => [f.id, f] as const)));
const dir = mkdtempSync(join(tmpdir(), 'cross-'));
let seed = 7; const rnd = (n: number) => { seed = (seed + 0x6d2b79f5) | 0; let t = Math.imul(seed ^ (seed >>> 15), 1 | seed); t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t; return ((t ^ (t >>> 14)) >>> 0) % n; };
const pick = <T>(xs: readonly T[]): T => xs[rnd(xs.length)]!;
const JUNK: unknown[] = [null, '', ' ', 'x', '2025-02-30', '2025-10-06', ' 2025-10-06 ', '2025-10', 5, 5.5, -3, 1e300, true, [], {}, { date: '2025-01-01' }, 'universal_credit', 'JX402917B', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00', '2026-01-01T00:30:00+01:00', 'A', 'Y', '7'];
const mutate = (v: any, depth = 0): any => {
  if (v === null || typeof v !== 'object' || rnd(6) === 0 && depth > 1) return pick(JUNK);
  const keys = Object.keys(v); if (keys.length === 0) return pick(JUNK);
  const k = pick(keys); const copy: any = Array.isArray(v) ? [...v] : { ...v };
  if (rnd(5) === 0) { if (Array.isArray(copy)) { if (rnd(2)) copy.splice(Number(k), 1); else copy.push(copy[Number(k)]); } else delete copy[k]; } else copy[k] = mutate(copy[k], depth + 1);
  return copy;
};
const counts: Record<string, number> = {}; let diffs = 0;
async function compare(feedId: string, text: string, format: string, mediaType: string, part: string | null) {
  const feed = feeds.get(feedId)!; const asOf = '2026-05-01T00:00:00Z';
  writeFileSync(join(dir, 'f'), text);
  const mine = readFile(dir, { file: 'f', feed: feedId, mediaType, part, asOf, programme: null, fullExtract: true, deployment: 'd' } as never, places);
  let theirs = ''; let ours = '';
  const parameters = { asOf: part === null ? null : new Date(asOf), programme: null, fullExtract: true, part };
  try {
    const out: any[] = []; let header: any;
    async function* bytes() { yield Buffer.from(text); }
    for await (const item of feed.read(bytes(), { format: format as never, parameters, limits: { depth: 32, textLength: 1e5, recordBytes: 1e6 } })) {
      if (item.kind === 'section') { header = item.header; continue; }
      if (item.kind === 'unreadable') { out.push(['R', item.reference]); counts[item.fault.code] = (counts[item.fault.code] ?? 0) + 1; continue; }
      const o = feed.toEvents(item.record, { parameters, section: header, subject: Buffer.alloc(16), factId: (k: any) => Buffer.from(JSON.stringify([k.scope ?? header.scope, k.type, ...k.naturalKey])), keyed: () => Buffer.alloc(16), locate: (pc: string) => { const d = places.districtOf(pc); return d === null ? null : { district: d, ward: null }; } } as never);
      if (o.fate === 'skipped') { out.push(['S']); continue; }
      if (o.fate !== 'facts') throw new Error('x');
      out.push(['P', item.reference, header.clock.instant.getTime(), header.absence.speaks ? [[...(header.absence.families ?? ['*'])].filter((f: string) => /^[a-z*]/.test(f)).sort(), header.absence.within ?? { from: '1900-01-01', to: '2099-12-31' }] : null, o.facts.map((f: any) => [f.type, f.naturalKey, f.family ?? null, f.occurredOn, f.body.kind ?? f.body.amountPence ?? f.body.labourMarketStatus ?? null, f.body.district ?? null, f.body.birthYear ?? null, f.type === 'JobEnded' ? null : f.body.job ? String(f.body.job) : null]).map((x: any) => JSON.stringify(x)).sort(), o.identity?.occurredOn ?? null]);
    }
    theirs = JSON.stringify(out.map((x) => JSON.stringify(x)).sort());
  } catch (e: any) { if (e.name !== 'SubmissionRefused') throw e; theirs = 'WHOLE'; counts[e.code + ' ' + feedId] = (counts[e.code + ' ' + feedId] ?? 0) + 1; if (!(globalThis as any).shown) { (globalThis as any).shown = 1; console.log(e.message); } }
  if (mine.refusedWhole) ours = 'WHOLE';
  else {
    const out: any[] = Array.from({ length: mine.fates.skipped }, () => ['S']);
    for (const s of mine.sections) {
      for (const r of s.refused) out.push(['R', r]);
      for (const r of s.records) out.push(['P', r.reference, s.clock.instant, s.coverage ? [[...(s.coverage.families ?? ['*'])].filter((f: string) => /^[a-z*]/.test(f)).sort(), s.coverage.within ?? { from: '1900-01-01', to: '2099-12-31' }] : null, r.facts.filter((f) => f.body.type !== 'SubjectIdentified').map((f: any) => [f.body.type, f.key, f.body.type === 'CircumstancesReported' && feedId === 'dwp-citizen' ? 'person' : f.family ?? null, f.occurredOn, f.body.kind ?? f.body.pence ?? f.body.status ?? null, f.body.district ?? null, f.body.birthYear ?? null, f.body.job ?? null]).map((x: any) => JSON.stringify(x)).sort(), r.facts.find((f) => f.body.type === 'SubjectIdentified')?.occurredOn ?? null]);
    }
    ours = JSON.stringify(out.map((x) => JSON.stringify(x)).sort());
  }
  counts[theirs === 'WHOLE' ? 'whole' : 'read'] = (counts[theirs === 'WHOLE' ? 'whole' : 'read'] ?? 0) + 1;
  if (ours !== theirs && diffs++ < 25) { let i = 0; while (ours[i] === theirs[i]) i++; i = Math.max(0, i - 60); console.log('DIFF', feedId, text.slice(0, 20), '\n adapter', theirs.slice(i, i + 130), '\n recount', ours.slice(i, i + 130)); };
}
const ex = (f: string) => readFileSync('/work/main/services/' + f, 'utf8');
for (const [feed, file] of [['dwp-citizen', 'dwp-adapter/examples/dwp-citizen.ndjson'], ['hmrc-rti', 'dwp-adapter/examples/hmrc-rti.ndjson']] as const) {
  const docs = ex(file).trim().split('\n').map((l) => JSON.parse(l));
  for (let i = 0; i < 6000; i++) {
    let d = pick(docs); for (let k = rnd(3); k >= 0; k--) d = mutate(d);
    if (rnd(4)) await compare(feed, [JSON.stringify(d), ...(rnd(3) ? [] : [rnd(2) ? JSON.stringify(pick(docs)) : '{"a":', JSON.stringify(mutate(d))])].join('\n') + '\n', 'ndjson', 'application/x-ndjson', null);
    else await compare(feed, JSON.stringify(d), 'json', 'application/json', null);
  }
}
const CELLS = ['', ' ', '?', '2025-10-06', '2025-10', 'TC', 'ULA', 'Other', '16 to 30 hours', "Don't know", '1000', '1001', '0013', '1899', '2150', 'Oldham Council', 'BRN-0001', 'Homeless and rough sleeping', 'QQ123456C', 'Employment', 'a,b'];
for (const part of ['person', 'baseline', 'employment_entry', 'employment_sustain']) {
  const rows = ex(`council-adapter/examples/${part}.csv`).trim().split('\n');
  for (let i = 0; i < 2500; i++) {
    const r = [...rows]; for (let k = rnd(4); k >= 0; k--) { const at = rnd(12) === 0 ? 0 : 1 + rnd(r.length - 1); const cells = r[at]!.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/); if (rnd(20) === 0) cells.pop(); else cells[rnd(cells.length)] = pick(CELLS); r[at] = cells.join(','); }
    await compare('rtof', r.join('\n') + '\n', 'csv', 'text/csv', part);
  }
}
console.log(counts, 'differences', diffs);
