/** Thrown when telemetry is set up wrongly; never while it runs. */
export class TelemetryError extends Error {
  override readonly name = 'TelemetryError';
  constructor(
    readonly code: 'LABEL_NOT_A_NAME' | 'PORT_TAKEN' | 'CHECK_NAMED_TWICE' | 'NOT_LISTENING',
    readonly place: string,
    readonly remedy: string,
  ) {
    super(`Telemetry: ${code} at ${place}. ${remedy}`);
  }
}
