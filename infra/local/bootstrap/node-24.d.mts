export function isRecentEnough(version: string): boolean;
export function findNode(root: string, running?: { readonly version: string; readonly path: string }): string;
