import { given } from '../days.js';

/** An element as a plain tree: texts of leaves, lists of the rest. */
export interface Node {
  readonly name: string;
  text: string;
  readonly children: Node[];
}

export const child = (node: Node, name: string): Node | undefined => node.children.find((each) => each.name === name);
export const text = (node: Node | undefined, name: string): string | null => (node === undefined ? null : given(child(node, name)?.text));
export const all = (node: Node, name: string): Node[] => node.children.filter((each) => each.name === name);
