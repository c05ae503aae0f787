/**
 * FHIR content read the same way whether it came as JSON or as XML: every element is a list, every primitive its text.
 * A resource carries its type under `resourceType`, as in JSON. Extensions of primitives (`_birthDate`) are not kept.
 */
export type FhirNode = ReadonlyMap<string, readonly FhirValue[]>;
export type FhirValue = string | FhirNode;

/** What this needs of an XML element; the kit's own elements fit. */
export interface FhirXmlElement {
  readonly name: string;
  readonly namespace: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly FhirXmlElement[];
}

export const FHIR_NAMESPACE = 'http://hl7.org/fhir';

/** Elements whose one child is a resource named by its own element. */
const RESOURCE_HOLDERS = new Set(['resource', 'contained']);

/** A parsed JSON document as a node; null where it is not an object. */
export function nodeFromJson(value: unknown): FhirNode | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const node = new Map<string, FhirValue[]>();
  for (const [name, held] of Object.entries(value)) {
    if (name.startsWith('_')) continue;
    const values = (Array.isArray(held) ? held : [held]).map(valueFromJson).filter((each) => each !== null);
    if (values.length > 0) node.set(name, values);
  }
  return node;
}

function valueFromJson(value: unknown): FhirValue | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : nodeFromJson(value);
}

/** A resource's XML element as a node. */
export function nodeFromXml(resource: FhirXmlElement): FhirNode {
  const node = complexFromXml(resource);
  node.set('resourceType', [resource.name]);
  return node;
}

function complexFromXml(element: FhirXmlElement): Map<string, FhirValue[]> {
  const node = new Map<string, FhirValue[]>();
  for (const attribute of ['id', 'url']) {
    const value = element.attributes[attribute];
    if (value !== undefined) node.set(attribute, [value]);
  }
  for (const child of element.children) {
    // Narrative is XHTML: nothing to read there.
    if (child.namespace !== FHIR_NAMESPACE) continue;
    const value = valueFromXml(child);
    const held = node.get(child.name);
    if (held === undefined) node.set(child.name, [value]);
    else held.push(value);
  }
  return node;
}

function valueFromXml(element: FhirXmlElement): FhirValue {
  const primitive = element.attributes['value'];
  if (primitive !== undefined) return primitive;
  const resource = RESOURCE_HOLDERS.has(element.name) ? element.children[0] : undefined;
  return resource === undefined ? complexFromXml(element) : nodeFromXml(resource);
}

/** Every node at the path below a node, in document order. */
export function nodesAt(node: FhirNode, ...path: readonly string[]): readonly FhirNode[] {
  let level: readonly FhirNode[] = [node];
  for (const name of path) {
    level = level.flatMap((each) => each.get(name) ?? []).filter((each) => typeof each !== 'string');
  }
  return level;
}

/** Every primitive at the path below a node, trimmed, in document order; empty texts are left out. */
export function textsAt(node: FhirNode, ...path: readonly [string, ...string[]]): readonly string[] {
  const parents = nodesAt(node, ...path.slice(0, -1));
  const last = path[path.length - 1] ?? '';
  return parents
    .flatMap((each) => each.get(last) ?? [])
    .filter((each) => typeof each === 'string')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

/** The first primitive at the path, or null. */
export function textAt(node: FhirNode, ...path: readonly [string, ...string[]]): string | null {
  return textsAt(node, ...path)[0] ?? null;
}

/** Code and identifier systems are written with either scheme and either case in real messages. */
export function sameSystem(one: string, other: string): boolean {
  return canonicalSystem(one) === canonicalSystem(other);
}

function canonicalSystem(system: string): string {
  return system.trim().toLowerCase().replace(/^https?:\/\//, '').replace(/\/+$/, '');
}

/** Codes of the codings that are of one of these systems, in document order. */
export function codesOf(codings: readonly FhirNode[], systems: readonly string[]): readonly string[] {
  return codings
    .filter((coding) => systems.some((system) => sameSystem(textAt(coding, 'system') ?? '', system)))
    .flatMap((coding) => textsAt(coding, 'code'));
}

/** Value of the first identifier under a system, or null. */
export function identifierOf(resource: FhirNode, system: string): string | null {
  for (const identifier of nodesAt(resource, 'identifier')) {
    const value = textAt(identifier, 'value');
    if (value !== null && sameSystem(textAt(identifier, 'system') ?? '', system)) return value;
  }
  return null;
}
