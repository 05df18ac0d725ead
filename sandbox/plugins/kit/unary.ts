/** One question, one answer: the only kind of call the provider protocol needs here. */
import grpc from "@grpc/grpc-js";

/** A call as it came in. */
export type Call<Request> = grpc.ServerUnaryCall<Request, unknown>;

/** Answers with what `answer` gives; an error reaches the engine as its message alone. */
export function unary<Request>(
  answer: (request: Request, call: Call<Request>) => unknown,
): grpc.handleUnaryCall<Request, unknown> {
  return (call, callback) => {
    Promise.resolve()
      .then(() => answer(call.request, call))
      .then(
        (response) => callback(null, response),
        (error: unknown) =>
          callback({
            code: grpc.status.UNKNOWN,
            details: error instanceof Error ? error.message : String(error),
          }),
      );
  };
}
