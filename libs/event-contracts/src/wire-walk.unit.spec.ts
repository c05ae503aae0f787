import fc from 'fast-check';
import type { EventContractError } from './errors.js';
import { decodeEvent, encodeEvent, encodeFramed } from './event-codec.js';
import type { EventsByType } from './events.generated.js';
import { EVENT_TYPES } from './events.generated.js';
import { FieldLocator } from './field-locator.js';
import type { KnownVersion } from './schema-registry.js';
import { EVENTS } from './schema-registry.js';
import { anyEvent } from './testing/any-event.js';
import { codeOf } from './testing/code-of.js';
import { WireNumbers } from './wire-walk.js';

/** What `codeOf` says where nothing is thrown. */
const NOTHING = codeOf(() => undefined);
const anyOf = fc.constantFrom(...EVENT_TYPES).chain((type) => anyEvent(type).map((event) => ({ type, event })));
const PATHS = { JobStarted: ['meta.factId', 'meta.revision.instant', 'meta.occurredOn.date', 'meta.agreementId', 'meta.programme', 'employer', 'hours.below'] } as const;

describe('a field of an event', () => {
  it('lies where it is found, and nowhere where it is null', () => {
    const locator = new FieldLocator(PATHS);
    const numbers = new WireNumbers();
    fc.assert(
      fc.property(anyEvent('JobStarted'), (event) => {
        const value = encodeEvent('JobStarted', event);
        expect(locator.locate(value)).toBe('JobStarted');
        const [factId, instant, date, agreement, programme, employer, below] = locator.at as unknown as [number, number, number, number, number, number, number];
        const bytes = (at: number, length: number): Buffer => value.subarray(at, at + length);
        const text = (at: number): string => {
          const length = numbers.at(value, at);
          return String(bytes(numbers.after, length));
        };
        const { meta } = event;
        expect(bytes(factId, 16)).toEqual(meta.factId);
        expect(numbers.at(value, instant)).toBe(meta.revision.instant);
        expect(text(agreement)).toBe(meta.agreementId);
        expect(date < 0 ? null : numbers.at(value, date)).toBe(meta.occurredOn?.date ?? null);
        expect(programme < 0 ? null : text(programme)).toBe(meta.programme);
        expect(employer < 0 ? null : bytes(employer, 16)).toEqual(event.employer);
        expect(below < 0 ? null : numbers.at(value, below)).toBe(event.hours?.below ?? null);
      }),
      { numRuns: 500 },
    );
  });

  it('lies elsewhere in what other versions wrote, and is found there', () => {
    const locator = new FieldLocator({ JobEnded: ['meta.place.scope', 'meta.factId', 'employer'] });
    const found = (version: KnownVersion, event: EventsByType['JobEnded']) => {
      const value = encodeFramed(version, event);
      locator.locate(value);
      return [...locator.at].map((at) => (at < 0 ? null : value.subarray(at, at + 16)));
    };
    const [first, second] = EVENTS.of('JobEnded');
    fc.assert(
      fc.property(anyEvent('JobEnded'), (event) => {
        expect(found(first!, event)).toEqual([null, event.meta.factId, event.employer]);
        expect(found(second!, event)).toEqual([event.meta.place?.scope ?? null, event.meta.factId, event.employer]);
      }),
    );
  });

  it('is not looked for in events that were not chosen, nor found by a path that no field has', () => {
    expect(new FieldLocator(PATHS).locate(encodeEvent('JobEnded', fc.sample(anyEvent('JobEnded'), 1)[0]!))).toBeUndefined();
    expect(() => new FieldLocator({ JobStarted: ['meta.fact' as never] })).toThrow('JobStarted.meta.fact');
    expect(() => new FieldLocator({ CircumstancesReported: ['priorityGroups.kind' as never] })).toThrow('CircumstancesReported.priorityGroups.kind');
  });
});

describe('a walk over an event', () => {
  const whole = new FieldLocator(Object.fromEntries(EVENT_TYPES.map((type) => [type, []])));

  it('accepts every event', () => {
    fc.assert(fc.property(anyOf, ({ type, event }) => expect(whole.locate(encodeEvent(type, event))).toBe(type)), { numRuns: 500 });
  });

  it('refuses what decoding refuses, and accepts nothing else', () => {
    const damage = fc.record({ at: fc.nat(), byte: fc.nat(255), cut: fc.oneof(fc.constant(0), fc.nat(40)), more: fc.uint8Array({ maxLength: 2 }) });
    let refused = 0;
    fc.assert(
      fc.property(anyOf, fc.array(damage, { maxLength: 3 }), ({ type, event }, damages) => {
        let value = encodeEvent(type, event);
        for (const { at, byte, cut, more } of damages) {
          value = Buffer.concat([value.subarray(0, Math.max(5, value.length - cut)), more]);
          value[5 + (at % Math.max(1, value.length - 5))] = byte;
        }
        const decoded = codeOf(() => decodeEvent(value));
        const walked = codeOf(() => whole.locate(value));
        if (walked === NOTHING) expect(decoded).toBe(NOTHING);
        else {
          refused += 1;
          // The decoder lets numbers through that are longer than theirs may be; the walk keeps to the letter.
          if (decoded === NOTHING) expect(walked).toBe('MALFORMED_EVENT');
          expect(walked).toMatch(/^(TRUNCATED_EVENT|MALFORMED_EVENT|TRAILING_BYTES)$/);
        }
      }),
      { numRuns: 1_500 },
    );
    expect(refused).toBeGreaterThan(300);
  });

  it('refuses a list that cannot be as long as it says, before counting', () => {
    const [event] = fc.sample(anyEvent('SubjectIdentified'), 1);
    const framed = encodeEvent('SubjectIdentified', { ...event!, identifiers: [] });
    const huge = Buffer.concat([framed.subarray(0, -1), Buffer.from([0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f])]);
    const fault = (() => {
      try {
        whole.locate(huge);
      } catch (error) {
        return error as EventContractError;
      }
      return undefined;
    })();
    expect(fault).toMatchObject({ code: 'TRUNCATED_EVENT' });
  });
});
