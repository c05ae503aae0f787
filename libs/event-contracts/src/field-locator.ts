import { UnknownSchema } from './errors.js';
import type { EventType } from './events.generated.js';
import { FRAME_LENGTH, schemaIdOf } from './framing.js';
import type { ProjectionPaths } from './projection.js';
import { EVENTS } from './schema-registry.js';
import { requireWhole, WireWalk } from './wire-walk.js';

/** Finds where chosen fields of an event lie in its bytes, for a reader that copies them instead of building the event. */
export class FieldLocator<P extends ProjectionPaths> {
  /**
   * By the field's place in the list of its event type: where it begins, of a nullable field its value; −1: null, or of a version
   * that had no such field yet.
   */
  readonly at: Int32Array;
  readonly #walks = new Map<number, { readonly type: EventType; readonly fields: number; readonly walk: WireWalk }>();

  readonly #known: typeof EVENTS;

  /**
   * @param known versions that it reads; default all of this build
   * @throws TypeError at once for a path that no field has, or that leads into a list.
   */
  constructor(paths: P, known = EVENTS) {
    this.#known = known;
    let most = 0;
    for (const [event, fields] of Object.entries(paths) as [EventType, readonly string[]][]) {
      most = Math.max(most, fields.length);
      const slots = new Map(fields.map((path, slot) => [path, slot]));
      for (const { id, schema } of known.of(event)) {
        this.#walks.set(id, { type: event, fields: fields.length, walk: new WireWalk(schema, slots) });
      }
      const [path] = this.#walks.get(known.newestOf(event).id)?.walk.missing ?? [];
      if (path !== undefined) throw new TypeError(`No field ${event}.${path}: choose from schemas/events.`);
    }
    this.at = new Int32Array(most);
  }

  /**
   * Finds the fields of a framed event, whichever version wrote it, and sees that the event is whole. It is all of `bytes`, or
   * what lies between two positions.
   * @returns its type; undefined for one that was not chosen
   * @throws NotFramed, UnknownSchema, TruncatedEvent, or EventContractError `MALFORMED_EVENT` or `TRAILING_BYTES`.
   */
  locate(bytes: Buffer, from = 0, end = bytes.length): (keyof P & EventType) | undefined {
    const id = schemaIdOf(bytes, from, end);
    const chosen = this.#walks.get(id);
    if (chosen === undefined) {
      if (!this.#known.byId.has(id)) throw new UnknownSchema(id);
      return undefined;
    }
    const { type, fields, walk } = chosen;
    for (let slot = 0; slot < fields; slot += 1) this.at[slot] = -1;
    requireWhole(walk.walk(bytes, from + FRAME_LENGTH, this.at, end), end, type);
    return type;
  }
}
