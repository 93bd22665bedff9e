// MariaDB is told the same as MySQL, by a driver of its own.

import { defineConfig } from '@mikro-orm/mariadb';
import { entities } from './mysql.ts';

export default defineConfig({ host: '127.0.0.1', port: 1, password: 'secret', dbName: 'nowhere', entities });
