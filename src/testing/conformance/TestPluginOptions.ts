import type { Properties, TargetConfig } from "../../protocol/Resource.ts"
import type { ConformanceLimits } from "./peer/ConformanceLimits.ts"
import type { CheckObserver } from "./report/Recorder.ts"
import type { Samples } from "./samples/Samples.ts"

export interface TestPluginOptions {
  /** The plugin's folder, with its manifest. */
  readonly directory: string
  /** In the place of the samples in the folder. */
  readonly samples?: Samples | undefined
  /** Only this resource type. */
  readonly type?: string | undefined
  /** Put over the target of each sample: such as the endpoint of an emulator. */
  readonly target?: TargetConfig | undefined
  /** Put over the settings of the samples. */
  readonly config?: Properties | undefined
  /** Make samples of the types that have none. They are made of whatever the schema allows: not for a cloud that matters. */
  readonly generate?: boolean | undefined
  readonly limits?: Partial<ConformanceLimits> | undefined
  readonly observe?: CheckObserver | undefined
}
