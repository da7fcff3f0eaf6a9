import { AppError, toErrorData } from '../../shared/errors/app-error';

/** The AppError of any thrown value, so that screens have one thing to show. */
export function toAppError(thrown: unknown): AppError {
  return thrown instanceof AppError ? thrown : AppError.fromData(toErrorData(thrown));
}
