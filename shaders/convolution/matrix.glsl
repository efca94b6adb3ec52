// The sums of a 3×3 convolution as products of cooperative matrices: an implicit GEMM of fp16 operands and fp32 sums.
//
// A workgroup makes kRows·kRowGroups output channels of a patch of 8×16 pixels. It goes through the input in slabs of 16 channels, of which it
// keeps the patch with its border in shared memory, a pixel's channels side by side: moved by a tap, the same pixels are the columns of the
// next matrix. A subgroup makes kRows channels of half a patch. However they are shared out, every sum is taken in the same order.
//   tensor_in: halves;  weights: slabs × 9 × weight_rows × 16 halves, slab, tap, output channel, input channel, padded with zeros
// What lies beyond the edge is zero, or with kReplicate the edge.
// The including shader defines kReplicate, a push constant p that is a MatrixPush, and
//   uvec2 channels_at(ivec2 at, ivec2 size, int block)                                  four channels of a pixel of the input, as halves
//   void store_tile(vec4 result[4][4], int tile_row, int tile_column, int block)        gets the sums of four channels
// and calls convolve().
layout(constant_id = 3) const uint kMatrixRows = 16u;  // of the results' matrices, and
layout(constant_id = 4) const uint kMatrixColumns = 16u;
layout(constant_id = 5) const uint kMatrixDepth = 16u;  // terms of a product's sums
layout(constant_id = 6) const int kRowGroups = 2;
layout(constant_id = 7) const int kRows = 32;  // of a subgroup

const int kHaloColumns = kPatchColumns + 2;
const int kHaloPixels = (kPatchRows + 2) * kHaloColumns;
const int kPitch = 3;  // of a pixel in uvec4s: 16 halves, and 8 more that keep its neighbours in other banks
const int kPatchPixels = kPatchRows * kPatchColumns;

layout(binding = 0, std430) readonly buffer In { uvec2 tensor_in[]; };
layout(binding = 1, std430) readonly buffer Weights { uvec4 weights[]; };

shared uvec4 staged[kHaloPixels * kPitch];
shared float results[kRows * kPatchPixels];

#define OPERAND(rows, columns, use) coopmat<float16_t, gl_ScopeSubgroup, rows, columns, use>
#define SUMS coopmat<float, gl_ScopeSubgroup, kMatrixRows, kMatrixColumns, gl_MatrixUseAccumulator>

const uint kRowMatrices = uint(kRows) / kMatrixRows;
const uint kColumnMatrices = uint(kPatchPixels / 2) / kMatrixColumns;
const uint kStrips = uint(kPatchColumns) / kMatrixColumns;  // matrices beside each other in a row of the patch

uvec2 channels_at(ivec2 at, ivec2 size, int block);
void store_tile(vec4 result[kTile][kTile], int tile_row, int tile_column, int block);

// Eight channels of a pixel, of those that a slab has of the patch and its border.
struct Place {
  int pixel;
  int side;  // of the slab's channels
  ivec2 at;  // in the input, or the nearest that is
  bool exists;
};

// The invocations share the places out, so many each.
const int kPlaces = (2 * kHaloPixels + int(gl_WorkGroupSize.x) - 1) / int(gl_WorkGroupSize.x);

ivec2 input_size() { return ivec2(p.width, p.height) - 2 * p.margin; }

Place place_of(int i, ivec2 corner) {
  int index = int(gl_LocalInvocationIndex) + i * int(gl_WorkGroupSize.x), pixel = index % kHaloPixels;
  ivec2 wanted = corner + ivec2(pixel % kHaloColumns, pixel / kHaloColumns) - 1 - p.margin;
  ivec2 at = clamp(wanted, ivec2(0), input_size() - 1);
  return Place(pixel, index / kHaloPixels, at, kReplicate || at == wanted);
}

void fetch(int slab, ivec2 corner, out uvec4 fetched[kPlaces]) {
  [[unroll]] for (int i = 0; i < kPlaces; i++) {
    Place place = place_of(i, corner);
    int block = slab * 4 + place.side * 2;
    fetched[i] = uvec4(channels_at(place.at, input_size(), min(block, p.in_blocks - 1)),
                       channels_at(place.at, input_size(), min(block + 1, p.in_blocks - 1)));
  }
}

// Not before here is looked at what was fetched.
void stage(int slab, ivec2 corner, uvec4 fetched[kPlaces]) {
  [[unroll]] for (int i = 0; i < kPlaces; i++) {
    Place place = place_of(i, corner);
    int block = slab * 4 + place.side * 2;
    uvec2 first = place.exists && block < p.in_blocks ? fetched[i].xy : uvec2(0u);
    uvec2 second = place.exists && block + 1 < p.in_blocks ? fetched[i].zw : uvec2(0u);
    if (place.side < 2) staged[place.pixel * kPitch + place.side] = uvec4(first, second);
  }
}

// The pixel of the patch at which the j-th matrix of this subgroup begins.
ivec2 first_pixel(uint j, uint half_patch) {
  return ivec2(j % kStrips * kMatrixColumns, half_patch * uint(kPatchRows / 2) + j / kStrips);
}

void store_tiles(ivec2 corner, int first_row) {
  const int blocks = kRows / kTile, tiles_along = kPatchColumns / kTile;
  for (int i = int(gl_LocalInvocationIndex); i < blocks * kPatchPixels / 16; i += int(gl_WorkGroupSize.x)) {
    int block = i % blocks, tile = i / blocks;
    ivec2 inner = ivec2(tile % tiles_along, tile / tiles_along), outer = corner / kTile + inner;
    if (first_row / 4 + block >= p.out_blocks || any(greaterThanEqual(outer * kTile, ivec2(p.width, p.height))))
      continue;
    vec4 result[kTile][kTile];
    [[unroll]] for (int y = 0; y < kTile; y++) {
      [[unroll]] for (int x = 0; x < kTile; x++) {
        int pixel = (inner.y * kTile + y) * kPatchColumns + inner.x * kTile + x;
        [[unroll]] for (int c = 0; c < 4; c++) result[y][x][c] = results[(block * 4 + c) * kPatchPixels + pixel];
      }
    }
    store_tile(result, outer.y, outer.x, first_row / 4 + block);
  }
}

void convolve() {
  ivec2 corner = ivec2(gl_WorkGroupID.x * kPatchColumns, p.first_row + gl_WorkGroupID.z * kPatchRows);
  uint row_group = gl_SubgroupID / 2u, half_patch = gl_SubgroupID % 2u;
  uint group_row = gl_WorkGroupID.y * uint(kRows * kRowGroups), first_row = group_row + row_group * uint(kRows);

  SUMS sums[kRowMatrices][kColumnMatrices];
  for (uint i = 0u; i < kRowMatrices; i++)
    for (uint j = 0u; j < kColumnMatrices; j++) sums[i][j] = SUMS(0.0);
  uvec4 fetched[kPlaces];
  fetch(0, corner, fetched);
  for (int slab = 0; slab < p.slabs; slab++) {
    barrier();
    stage(slab, corner, fetched);
    barrier();
    fetch(slab + 1, corner, fetched);  // arrives during the products; of the last one's nothing is used
    for (uint tap = 0u; tap < 9u; tap++) {
      for (uint k = 0u; k < uint(kMatrixSlab); k += kMatrixDepth) {
        OPERAND(kMatrixRows, kMatrixDepth, gl_MatrixUseA) a[kRowMatrices];
        for (uint i = 0u; i < kRowMatrices; i++) {
          uint row = (uint(slab) * 9u + tap) * uint(p.weight_rows) + first_row + i * kMatrixRows;
          coopMatLoad(a[i], weights, row * 2u + k / 8u, 2u, gl_CooperativeMatrixLayoutRowMajor);
        }
        for (uint j = 0u; j < kColumnMatrices; j++) {
          ivec2 pixel = first_pixel(j, half_patch) + ivec2(tap % 3u, tap / 3u);
          OPERAND(kMatrixDepth, kMatrixColumns, gl_MatrixUseB) b;
          coopMatLoad(b, staged, uint((pixel.y * kHaloColumns + pixel.x) * kPitch) + k / 8u, uint(kPitch),
                      gl_CooperativeMatrixLayoutColumnMajor);
          for (uint i = 0u; i < kRowMatrices; i++) sums[i][j] = coopMatMulAdd(a[i], b, sums[i][j]);
        }
      }
    }
  }
  for (uint group = 0u; group < uint(kRowGroups); group++) {
    barrier();
    if (group == row_group) {
      for (uint i = 0u; i < kRowMatrices; i++) {
        for (uint j = 0u; j < kColumnMatrices; j++) {
          ivec2 pixel = first_pixel(j, half_patch);
          coopMatStore(sums[i][j], results, i * kMatrixRows * uint(kPatchPixels) + uint(pixel.y * kPatchColumns + pixel.x),
                       uint(kPatchPixels), gl_CooperativeMatrixLayoutRowMajor);
        }
      }
    }
    barrier();
    store_tiles(corner, int(group_row) + int(group) * kRows);
  }
}
