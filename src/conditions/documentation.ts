/** Where the documentation of the project can be read by everybody; paths are those of the package. */
export const DOCUMENTATION = 'https://github.com/kmswatch/kmswatch/blob/main/';
