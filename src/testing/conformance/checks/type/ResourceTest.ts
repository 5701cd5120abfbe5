import type { OperationId } from "../../../../protocol/Identity.ts"
import type { TypeCalls } from "../../peer/TypeCalls.ts"
import type { Traces } from "../../peer/Traces.ts"
import type { Recorder } from "../../report/Recorder.ts"
import type { Specimen, Subject } from "../../samples/Subject.ts"

/** One resource of a type, from its create to its delete. */
export interface ResourceTest {
  readonly record: Recorder
  readonly subject: Subject
  /** The properties that are asked for. */
  readonly specimen: Specimen
  /** The operation id of its create. */
  readonly operationId: OperationId
  readonly nextOperationId: () => OperationId
  readonly traces: Traces
  readonly calls: TypeCalls
  /** The same calls on a later launch. */
  readonly later: TypeCalls
}
