// A project of TypeORM. In: a family, where the database is. Out: files, and what to run. Must not know Surefoot.

import type { DialectName } from '../../../src/schema/schema.ts';
import type { ToolProject } from './project.ts';
import { commonjs, every, fileOf } from './project.ts';

const typeormTypes: Readonly<Record<DialectName, string>> = {
  sqlite: 'better-sqlite3',
  postgres: 'postgres',
  mysql: 'mysql',
};

/** A project as its users write it: tables, rows, a change without a way back, a change with one. */
export const typeorm: ToolProject = {
  tool: 'typeorm',
  families: every,
  apply: ['--import', 'tsx', 'typeorm/cli.js', 'migration:run', '-d', 'src/data-source.ts'],
  ids: ['CreateUser1700000000000', 'AddBook1700000001000', 'Fill1700000002000', 'Rename1700000003000'],
  files: (family, url) => ({
    'package.json': commonjs,
    'tsconfig.json': `{ "compilerOptions": { "experimentalDecorators": true, "emitDecoratorMetadata": true, "module": "commonjs", "target": "es2022" } }`,
    'src/entity/user.ts': `import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

@Entity()
export class User {
  @PrimaryGeneratedColumn() id!: number;
  @Column({ type: 'varchar', length: 80 }) login!: string;
}
`,
    'src/data-source.ts': `import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { User } from './entity/user';

export const AppDataSource = new DataSource({
  type: '${typeormTypes[family]}',
  ${family === 'sqlite' ? `database: ${JSON.stringify(fileOf(url))}` : `url: ${JSON.stringify(url.replace(/^mariadb:/, 'mysql:'))}`},
  entities: [User],
  migrations: ['src/migrations/*.ts'],
} as never);
`,
    'src/migrations/1700000000000-CreateUser.ts': `import { MigrationInterface, QueryRunner, Table, TableIndex } from "typeorm";

export class CreateUser1700000000000 implements MigrationInterface {
    public async up(queryRunner: QueryRunner): Promise<void> {
        await queryRunner.createTable(new Table({
            name: 'user',
            columns: [
                { name: 'id', type: '${family === 'sqlite' ? 'integer' : 'int'}', isPrimary: true, isGenerated: true, generationStrategy: 'increment' },
                { name: 'name', type: 'varchar', length: '80', isNullable: false },
            ],
        }), true);
        await queryRunner.createIndex('user', new TableIndex({ name: 'IDX_user_name', columnNames: ['name'], isUnique: true }));
    }

    public async down(queryRunner: QueryRunner): Promise<void> {
        await queryRunner.dropTable('user');
    }
}
`,
    'src/migrations/1700000001000-AddBook.ts': `import { MigrationInterface, QueryRunner, Table, TableColumn, TableForeignKey } from "typeorm";

export class AddBook1700000001000 implements MigrationInterface {
    name = 'AddBook1700000001000'

    public async up(queryRunner: QueryRunner): Promise<void> {
        await queryRunner.createTable(new Table({
            name: 'book',
            columns: [
                { name: 'id', type: '${family === 'sqlite' ? 'integer' : 'int'}', isPrimary: true, isGenerated: true, generationStrategy: 'increment' },
                { name: 'owner', type: '${family === 'sqlite' ? 'integer' : 'int'}' },
            ],
        }));
        await queryRunner.createForeignKey('book', new TableForeignKey({ name: 'FK_owner', columnNames: ['owner'], referencedTableName: 'user', referencedColumnNames: ['id'], onDelete: 'CASCADE' }));
        await queryRunner.addColumn('book', new TableColumn({ name: 'title', type: 'varchar', length: '200', isNullable: true }));
    }

    public async down(queryRunner: QueryRunner): Promise<void> {
        await queryRunner.dropTable('book');
    }
}
`,
    'src/migrations/1700000002000-Fill.ts': `import { MigrationInterface, QueryRunner } from "typeorm";

export class Fill1700000002000 implements MigrationInterface {
    public async up(queryRunner: QueryRunner): Promise<void> {
        const user = queryRunner.connection.driver.escape('user');
        await queryRunner.query(\`INSERT INTO \${user} (name) VALUES ('it''s')\`);
        await queryRunner.query(\`UPDATE \${user} SET name = 'root' WHERE name = 'it''s'\`);
    }

    public async down(): Promise<void> {
        throw new Error('who was there is not known');
    }
}
`,
    'src/migrations/1700000003000-Rename.ts': `import { MigrationInterface, QueryRunner } from "typeorm";

export class Rename1700000003000 implements MigrationInterface {
    public async up(queryRunner: QueryRunner): Promise<void> {
        await queryRunner.renameColumn('user', 'name', 'login');
    }

    public async down(queryRunner: QueryRunner): Promise<void> {
        await queryRunner.renameColumn('user', 'login', 'name');
    }
}
`,
  }),
};
