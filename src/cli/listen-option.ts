import { InvalidArgumentError, Option } from 'commander';
import { type ListenAddress, parseListenAddress } from '../config/listen-address.ts';

/** The values that commander keeps for the option below. */
export interface ListenOption {
  readonly 'web.listen'?: readonly ListenAddress[];
}

export function listenOption(): Option {
  return new Option(
    '--web.listen <address>',
    'where to listen, instead of web.listen: 127.0.0.1:11688, [::1]:11688, or :11688 for every address; repeatable',
  ).argParser(addAddress);
}

function addAddress(text: string, before: readonly ListenAddress[] | undefined): readonly ListenAddress[] {
  const address = parseListenAddress(text);
  if (!address.ok) throw new InvalidArgumentError(address.error);
  return [...(before ?? []), address.value];
}
