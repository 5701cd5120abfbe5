/** A cloud on this machine, which lives as long as its scope. */
export interface Emulator {
  readonly endpoint: string
}
