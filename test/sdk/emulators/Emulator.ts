/** A cloud on this machine, which lasts as long as its scope. */
export interface Emulator {
  readonly endpoint: string
}
