export const COMMANDS: Readonly<Record<string, (root: string) => string[]>>;
export function nodeArguments(root: string, words: readonly string[]): string[] | undefined;
