import { nodesAt, textAt } from './fhir-node.js';
import type { FhirNode } from './fhir-node.js';

/** The resources of a bundle, found by reference or by type. */
export class BundleEntries {
  readonly #resources: readonly FhirNode[];
  readonly #byReference = new Map<string, FhirNode>();
  readonly #fullUrls = new Map<FhirNode, string>();

  constructor(bundle: FhirNode) {
    const entries = nodesAt(bundle, 'entry');
    this.#resources = entries.flatMap((entry) => nodesAt(entry, 'resource').slice(0, 1));
    for (const entry of entries) {
      const [resource] = nodesAt(entry, 'resource');
      if (resource === undefined) continue;
      const fullUrl = textAt(entry, 'fullUrl');
      if (fullUrl !== null) {
        this.#fullUrls.set(resource, fullUrl);
        this.#remember(fullUrl, resource);
      }
      const [type, id] = [textAt(resource, 'resourceType'), textAt(resource, 'id')];
      if (type !== null && id !== null) this.#remember(`${type}/${id}`, resource);
    }
  }

  /** The resource a reference means, by `fullUrl` or `Type/id`; null where there is none or it is of another type. */
  resolve(reference: string | null, type: string): FhirNode | null {
    const resource = reference === null ? undefined : this.#byReference.get(reference);
    return resource !== undefined && textAt(resource, 'resourceType') === type ? resource : null;
  }

  /** The resource of a type where the bundle has exactly one. */
  only(type: string): FhirNode | null {
    const [first, ...others] = this.#resources.filter((resource) => textAt(resource, 'resourceType') === type);
    return first !== undefined && others.length === 0 ? first : null;
  }

  fullUrlOf(resource: FhirNode): string | null {
    return this.#fullUrls.get(resource) ?? null;
  }

  #remember(reference: string, resource: FhirNode): void {
    if (!this.#byReference.has(reference)) this.#byReference.set(reference, resource);
  }
}
