import { SaxesParser } from 'saxes';

import type { Json } from './json-lines.js';

/** A FHIR resource, whether it came as JSON or as XML: repeated elements are children of one name. */
export interface Element {
  readonly name: string;
  value: string | null;
  readonly children: Element[];
}

const element = (name: string, value: string | null = null): Element => ({ name, value, children: [] });

function fromJson(name: string, json: Json): Element[] {
  if (Array.isArray(json)) return (json as readonly Json[]).flatMap((each) => fromJson(name, each));
  if (json === null || typeof json !== 'object') return [element(name, json === null ? null : String(json))];
  const { resourceType, ...rest } = json as { readonly [name: string]: Json };
  const fields = Object.entries(rest).flatMap(([field, value]) => fromJson(field, value));
  if (typeof resourceType !== 'string') return [{ ...element(name), children: fields }];
  // As in XML, where the resource's type is an element inside.
  return [{ ...element(name), children: [{ ...element(resourceType), children: fields }] }];
}

/** The resource at the root; null where the document is none. */
export const resourceFromJson = (json: Json): Element | null => fromJson('root', json)[0]?.children[0] ?? null;

/** Null where the text is not well formed, declares a DOCTYPE or is not FHIR. */
export function resourceFromXml(xml: string): Element | null {
  const parser = new SaxesParser({ xmlns: true });
  const root = element('root');
  const stack = [root];
  let failed = false;
  const fail = (): void => {
    failed = true;
  };
  parser.on('error', fail);
  parser.on('doctype', fail);
  parser.on('opentag', (tag) => {
    if (stack.length === 1 && tag.uri !== 'http://hl7.org/fhir') failed = true;
    const node = element(tag.local, tag.attributes['value']?.value ?? null);
    stack.at(-1)?.children.push(node);
    stack.push(node);
  });
  parser.on('closetag', () => {
    stack.pop();
  });
  parser.write(xml).close();
  return failed ? null : (root.children[0] ?? null);
}

export const all = (node: Element | undefined, ...path: readonly string[]): Element[] =>
  path.reduce<Element[]>((nodes, name) => nodes.flatMap((each) => each.children.filter((child) => child.name === name)), node === undefined ? [] : [node]);

export const first = (node: Element | undefined, ...path: readonly string[]): Element | undefined => all(node, ...path)[0];

/** Value of the first such element; null for an empty one. */
export const value = (node: Element | undefined, ...path: readonly string[]): string | null => {
  const found = first(node, ...path)?.value?.trim() ?? '';
  return found === '' ? null : found;
};
