import type { Properties, TargetConfig } from "../../protocol/Resource.ts"
import type { ConformanceLimits } from "./peer/ConformanceLimits.ts"
import type { CheckId } from "./report/CheckId.ts"
import type { CheckObserver } from "./report/Recorder.ts"
import type { Samples } from "./samples/Samples.ts"

/** What `testPlugin` and `runConformance` test, and how. */
export interface TestPluginOptions {
  /** The plugin's folder, with its manifest. */
  readonly directory: string
  /** In place of the samples in the folder. */
  readonly samples?: Samples | undefined
  /** Tests only this resource type. The checks of the plugin as a whole run too. */
  readonly type?: string | undefined
  /** Overrides fields of each sample's target config, such as the endpoint. */
  readonly target?: TargetConfig | undefined
  /** Overrides fields of the samples' plugin settings. */
  readonly config?: Properties | undefined
  /** Makes samples for the types that have none, from whatever their schemas allow: not for a cloud that matters. */
  readonly generate?: boolean | undefined
  /** Runs only these checks, and those that they need. */
  readonly checks?: ReadonlyArray<CheckId> | undefined
  /** In milliseconds. Override `defaultLimits`. */
  readonly limits?: Partial<ConformanceLimits> | undefined
  /** Gets the result of each check when it ends. */
  readonly observe?: CheckObserver | undefined
}
