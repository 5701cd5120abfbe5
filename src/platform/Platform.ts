/** The system that this process runs on, and what is the same on each and differs in its form. Pure, so that any system can be asked about on any other. */
import * as Context from "effect/Context"

/** The system, as Node names it: `linux`, `darwin`, `win32`. */
export const Platform = Context.Reference<string>("formae/platform/Platform", { defaultValue: () => thisPlatform })

/** For what runs without services. */
export const thisPlatform: string = process.platform

export const isWindows = (platform: string): boolean => platform === "win32"

/** Variables of the environment are the same on Windows if their names differ by case alone, as `Path` and `PATH`. */
export const variableKey = (platform: string, name: string): string => (isWindows(platform) ? name.toUpperCase() : name)
