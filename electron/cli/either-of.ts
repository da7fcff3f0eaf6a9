import { AppError } from '../../shared/errors/app-error';

/** What one of two flags says that exclude each other; undefined when neither is given. Throws AppError `input.invalid`. */
export function eitherOf<Yes extends string, No extends string>(yes: Yes, no: No, options: Partial<Record<Yes | No, boolean>>): boolean | undefined {
  if (options[yes] && options[no]) throw new AppError('input.invalid', 'The command line is not understood', `--${yes} and --${no} exclude each other.`);
  return options[yes] ? true : options[no] ? false : undefined;
}
