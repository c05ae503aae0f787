import { attack } from './attack.js';
import type { AttackReport } from './attack.js';
import { targetsOf } from './fault.js';

const TARGETS = targetsOf(1);
/** Enough that every partner has something to send in every wave. */
const PEOPLE = 150;
/** A safety net against a hang: no time is asserted. */
const PATIENCE_MS = 1_200_000;

describe('kill -9 of each process while partners send and operators decide', () => {
  let report: AttackReport;
  const told: string[] = [];

  beforeAll(async () => {
    report = await attack({ seed: 'kill-nine', faults: TARGETS.length, brokers: 1, people: PEOPLE, tell: (line) => void told.push(line) });
  }, PATIENCE_MS);

  it('struck every service, Kafka and Redis, each while something was being sent', () => {
    expect(report.ledger.flatMap(({ strikes }) => strikes.map(({ target }) => target)).sort()).toEqual([...TARGETS].sort());
    for (const { strikes, attempts } of report.ledger) expect({ strikes, met: attempts > 0 }).toEqual({ strikes, met: true });
    for (const target of TARGETS) expect({ target, startedAgain: (report.starts.get(target) ?? 0) > 0 }).toEqual({ target, startedAgain: true });
  });

  it('made partners of a killed adapter try again', () => {
    const adapters = report.ledger.filter(({ strikes }) => strikes.some(({ target }) => target.endsWith('-adapter')));
    expect(adapters.map(({ strikes, unanswered }) => ({ strikes, triedAgain: unanswered > 0 }))).toEqual(adapters.map(({ strikes }) => ({ strikes, triedAgain: true })));
  });

  it('had operators decide and take back, and files come once more under other names', () => {
    expect(report.decisions.splits + report.decisions.joins).toBeGreaterThan(0);
    expect(report.decisions.inForce).toBe(0);
    expect(report.copies).toBeGreaterThan(0);
    expect(report.states.get('withdrawn')).toBeGreaterThan(0);
  });

  it('lost no receipt and no decision, gave no second receipt, and gave every record its fate', () => {
    expect(report.anomalies).toEqual([]);
  });

  it('shows exactly what the recount knows, with operators’ decisions and without', () => {
    expect(report.cells).toBeGreaterThan(50);
    expect(report.differences).toEqual([]);
  });
});
