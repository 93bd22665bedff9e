// @ts-nocheck: decorators of this kind are none of the compiler's, with the settings of this repository.
// Every column type, default, key and index that TypeORM knows of MySQL and MariaDB together.
import {
  Check,
  Column,
  CreateDateColumn,
  DataSource,
  DeleteDateColumn,
  Entity,
  Generated,
  Index,
  JoinColumn,
  JoinTable,
  ManyToMany,
  ManyToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  Tree,
  TreeChildren,
  TreeParent,
  Unique,
  UpdateDateColumn,
  VersionColumn,
  ViewColumn,
  ViewEntity,
} from 'typeorm';

@Entity({ comment: "every type, 'quoted'", engine: 'InnoDB' })
export class Types {
  @PrimaryGeneratedColumn() id: number;
  @Column('bit') a01: Buffer;
  @Column('int') a02: number;
  @Column('integer', { unsigned: true }) a03: number;
  @Column('tinyint') a04: number;
  @Column('tinyint', { unsigned: true }) a05: number;
  @Column('smallint') a06: number;
  @Column('mediumint') a07: number;
  @Column('bigint') a08: string;
  @Column('bigint', { unsigned: true }) a09: string;
  @Column('float') a10: number;
  @Column('double') a11: number;
  @Column('double precision') a12: number;
  @Column('real') a13: number;
  @Column('decimal') a14: string;
  @Column('dec', { precision: 12, scale: 3 }) a15: string;
  @Column('numeric', { precision: 6 }) a16: string;
  @Column('fixed', { precision: 6, scale: 6, unsigned: true }) a17: string;
  @Column('bool') a18: boolean;
  @Column('boolean') a19: boolean;
  @Column('float', { precision: 7, scale: 3 }) a20: number;
  @Column('date') b01: string;
  @Column('datetime') b02: Date;
  @Column('datetime', { precision: 3 }) b03: Date;
  @Column('timestamp', { precision: 6, nullable: true }) b04: Date;
  @Column('time') b05: string;
  @Column('time', { precision: 2 }) b06: string;
  @Column('year') b07: number;
  @Column('char') c01: string;
  @Column('char', { length: 36 }) c02: string;
  @Column('nchar', { length: 9 }) c03: string;
  @Column('national char', { length: 9 }) c04: string;
  @Column('varchar') c05: string;
  @Column('varchar', { length: 80, charset: 'ascii', collation: 'ascii_bin' }) c06: string;
  @Column('nvarchar', { length: 9 }) c07: string;
  @Column('national varchar', { length: 9 }) c08: string;
  @Column('blob') c09: Buffer;
  @Column('text') c10: string;
  @Column('tinyblob') c11: Buffer;
  @Column('tinytext') c12: string;
  @Column('mediumblob') c13: Buffer;
  @Column('mediumtext', { collation: 'utf8mb4_bin' }) c14: string;
  @Column('longblob') c15: Buffer;
  @Column('longtext') c16: string;
  @Column('enum', { enum: ['b', 'a,c'], default: 'a,c' }) c17: string;
  @Column('set', { enum: ['b', 'a'], default: ['a', 'b'] }) c18: string[];
  @Column('binary', { length: 16 }) c19: Buffer;
  @Column('varbinary', { length: 20 }) c20: Buffer;
  @Column('json') c21: object;
  @Column('uuid') c22: string;
  @Column('simple-array') c23: string[];
  @Column('simple-json') c24: object;
  @Column('simple-enum', { enum: ['x', 'y'] }) c25: string;
  @Column('geometry') d01: string;
  @Column('point') d02: string;
  @Column('linestring') d03: string;
  @Column('polygon') d04: string;
  @Column('multipoint') d05: string;
  @Column('multilinestring') d06: string;
  @Column('multipolygon') d07: string;
  @Column('geometrycollection') d08: string;
}

@Entity('defaults')
@Unique('uq_pair', ['number', 'text'])
@Unique(['negative'])
@Check('ck_positive', '`number` > 0')
@Check('`number` < 100')
@Index(['text', 'number'], { unique: true })
@Index('ix_words', ['text'], { fulltext: true })
export class Defaults {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ default: 7 }) number: number;
  @Column({ default: -1.5, type: 'decimal', precision: 4, scale: 1 }) negative: string;
  @Column({ default: '9007199254740993', type: 'bigint' }) big: string;
  @Column({ default: '"here"' }) text: string;
  @Column({ default: '' }) empty: string;
  @Column({ default: true }) truth: boolean;
  @Column({ type: 'json', default: () => '(json_array())' }) list: object;
  @Column({ type: 'datetime', default: () => 'CURRENT_TIMESTAMP' }) now: Date;
  @Column({
    type: 'datetime',
    precision: 3,
    default: () => 'CURRENT_TIMESTAMP(3)',
    onUpdate: 'CURRENT_TIMESTAMP(3)',
  })
  moment: Date;
  @Column({ type: 'int', default: () => '((1 + 2) * 3)' }) computed: number;
  @Column({ type: 'varchar', nullable: true, default: null }) nothing: string | null;
  @Column({ nullable: true, comment: `a "comment" of 'ours'` }) commented: string;
  @Column({ name: 'na.me d', nullable: true }) named: string;
  @Index('ix_place', { spatial: true }) @Column('point') place: string;
  @Column({ unique: true, length: 20 }) code: string;
  @Column() @Generated('uuid') uuid: string;
  @Column('int', { generatedType: 'STORED', asExpression: '`number` * 2' }) twice: number;
  @Column('int', { generatedType: 'VIRTUAL', asExpression: '`number` * 3' }) thrice: number;
  @CreateDateColumn() created: Date;
  @UpdateDateColumn() updated: Date;
  @DeleteDateColumn() deleted: Date | null;
  @VersionColumn() version: number;
}

@Entity()
export class Keyed {
  @PrimaryColumn() one: number;
  @PrimaryColumn({ length: 20 }) two: string;
  @ManyToOne(() => Types, { onDelete: 'SET NULL', onUpdate: 'CASCADE', nullable: true })
  @JoinColumn({ name: 'types_id', foreignKeyConstraintName: 'fk_of_ours' })
  types: Types;
  @ManyToMany(() => Types, { onDelete: 'CASCADE' }) @JoinTable() many: Types[];
}

@Entity()
@Tree('closure-table')
export class Node {
  @PrimaryGeneratedColumn({ type: 'bigint', unsigned: true }) id: string;
  @TreeChildren() children: Node[];
  @TreeParent() parent: Node;
}

@ViewEntity({ expression: 'SELECT id, text FROM defaults' })
export class Texts {
  @ViewColumn() id: string;
  @ViewColumn() text: string;
}

export const entities = [Types, Defaults, Keyed, Node, Texts];

export default new DataSource({
  type: 'mysql',
  url: 'mysql://nobody:secret@127.0.0.1:1/nowhere',
  synchronize: true,
  dropSchema: true,
  entities,
});
