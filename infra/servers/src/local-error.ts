/** Why the local runner cannot go on. Each has one cause and one remedy, so that a person or a test can tell them apart. */
export type LocalErrorCode =
  | 'JAVA_MISSING'
  | 'KAFKA_MISSING'
  | 'REDIS_MISSING'
  | 'PART_ALTERED'
  | 'PORT_TAKEN'
  | 'DISK_FULL'
  | 'ALREADY_RUNNING'
  | 'NOT_REACHABLE'
  | 'SETTING_INVALID'
  | 'STATE_UNREADABLE'
  | 'FILE_REFUSED'
  | 'BUILD_FAILED'
  | 'SERVER_FAILED'
  | 'SERVICE_FAILED'
  | 'LOAD_FAILED'
  | 'TIMED_OUT'
  | 'TRACER_MISSING'
  | 'MOUNT_REFUSED';

/** Thrown when something outside this code stands in the way. Its message is one sentence: what is wrong, and what to do. */
export class LocalError extends Error {
  override readonly name = 'LocalError';

  /**
   * @param code the cause
   * @param problem what was being done, to what, and what happened; without a full stop
   * @param remedy what the user can do; without a full stop
   */
  constructor(
    readonly code: LocalErrorCode,
    readonly problem: string,
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(`${problem}: ${remedy}.`, options);
  }
}
