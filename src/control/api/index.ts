/** The models, the errors and the endpoints of the API. */
export * from "./Access.ts"
export * from "./ApiCommand.ts"
export * from "./ApiEvent.ts"
export * from "./ApiFailure.ts"
export * from "./ApiResult.ts"
export * from "./ApiState.ts"
export * from "./ControlApi.ts"
export * from "./version.ts"
