/** What happens when an identifier fails its own check: see decision 0005. */
export type IdentifierPolicy = 'refuse' | 'quarantine' | 'flag';

export interface IdentifierDeclaration {
  readonly kind: 'NHS_NUMBER' | 'NINO' | 'ULN' | 'NAME_DOB_POSTCODE';
  readonly field: string;
  readonly policy: IdentifierPolicy;
}

export interface FieldDeclaration {
  readonly path: string;
  readonly meaning: string;
  readonly required: boolean;
  /** Event fields fed by it, for example `JobStarted.hours`; empty where it only identifies or is only checked. */
  readonly feeds: readonly string[];
  /** Codes the feed knows, with what each becomes. */
  readonly codes?: readonly { readonly code: string; readonly meaning: string }[];
}

/** A header must name every required column, may name the optional ones, and no other. */
export interface ColumnsDeclaration {
  readonly part: string | null;
  readonly required: readonly string[];
  readonly optional: readonly string[];
}
