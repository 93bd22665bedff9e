// @ts-nocheck: decorators of this kind are none of the compiler's, with the settings of this repository.
// What TypeORM knows of MariaDB alone, besides all that it knows of MySQL.
import { Column, DataSource, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { entities } from './mysql.ts';

@Entity()
class MariaTypes {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column('uuid', { nullable: true }) a1: string;
  @Column('inet4') a2: string;
  @Column('inet6') a3: string;
}

export default new DataSource({
  type: 'mariadb',
  host: '127.0.0.1',
  port: 1,
  username: 'nobody',
  password: 'secret',
  database: 'nowhere',
  synchronize: true,
  entities: [...entities, MariaTypes],
});
